//! The items that lie in a direction, and which of them a step means.

use roxmltree::Node;

use super::item::Item;
use super::syntax::{Axis, Test};

/// All items on an axis, the nearest first.
pub(super) fn items<'a, 'i>(
    item: Item<'a, 'i>,
    axis: Axis,
) -> Box<dyn Iterator<Item = Item<'a, 'i>> + 'a>
where
    'i: 'a,
{
    let node = match item {
        Item::Node(node) => node,
        Item::Attribute(owner, _) => return of_attribute(item, owner, axis),
    };
    match axis {
        Axis::Itself => Box::new(std::iter::once(item)),
        Axis::Child => Box::new(node.children().map(Item::Node)),
        Axis::Parent => Box::new(node.parent().into_iter().map(Item::Node)),
        Axis::Descendant => Box::new(node.descendants().skip(1).map(Item::Node)),
        Axis::DescendantOrSelf => Box::new(node.descendants().map(Item::Node)),
        Axis::Ancestor => Box::new(node.ancestors().skip(1).map(Item::Node)),
        Axis::AncestorOrSelf => Box::new(node.ancestors().map(Item::Node)),
        Axis::FollowingSibling => Box::new(node.next_siblings().skip(1).map(Item::Node)),
        Axis::PrecedingSibling => Box::new(node.prev_siblings().skip(1).map(Item::Node)),
        Axis::Following => Box::new(following(node).map(Item::Node)),
        Axis::Preceding => Box::new(
            node.ancestors()
                .flat_map(|node| node.prev_siblings().skip(1))
                .flat_map(backwards)
                .map(Item::Node),
        ),
        Axis::Attribute => {
            let count = node.attributes().len();
            Box::new((0..count).map(move |index| Item::Attribute(node, index)))
        }
    }
}

/// An attribute has a parent but is no child of it.
fn of_attribute<'a, 'i>(
    item: Item<'a, 'i>,
    owner: Node<'a, 'i>,
    axis: Axis,
) -> Box<dyn Iterator<Item = Item<'a, 'i>> + 'a>
where
    'i: 'a,
{
    let ancestors = owner.ancestors().map(Item::Node);
    match axis {
        Axis::Itself | Axis::DescendantOrSelf => Box::new(std::iter::once(item)),
        Axis::Parent => Box::new(std::iter::once(Item::Node(owner))),
        Axis::Ancestor => Box::new(ancestors),
        Axis::AncestorOrSelf => Box::new(std::iter::once(item).chain(ancestors)),
        Axis::Following => Box::new(
            owner
                .descendants()
                .skip(1)
                .chain(following(owner))
                .map(Item::Node),
        ),
        Axis::Preceding => items(Item::Node(owner), axis),
        Axis::Attribute
        | Axis::Child
        | Axis::Descendant
        | Axis::FollowingSibling
        | Axis::PrecedingSibling => Box::new(std::iter::empty()),
    }
}

fn following<'a, 'i: 'a>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> + 'a {
    node.ancestors()
        .flat_map(|node| node.next_siblings().skip(1))
        .flat_map(|node| node.descendants())
}

/// A node and what is in it, the last first.
fn backwards<'a, 'i: 'a>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> + 'a {
    let all: Vec<_> = node.descendants().collect();
    all.into_iter().rev()
}

impl Test {
    /// Whether an item on an axis is meant.
    pub(super) fn matches(&self, item: Item<'_, '_>, axis: Axis) -> bool {
        let named = match axis {
            Axis::Attribute => item.attribute().is_some(),
            _ => item.element().is_some(),
        };
        let node = match item {
            Item::Node(node) => Some(node),
            Item::Attribute(..) => None,
        };
        match self {
            Test::Any => true,
            Test::Text => node.is_some_and(|node| node.is_text()),
            Test::Comment => node.is_some_and(|node| node.is_comment()),
            Test::Instruction(target) => node
                .and_then(|node| node.pi())
                .is_some_and(|pi| target.as_deref().is_none_or(|target| target == pi.target)),
            Test::Named => named,
            Test::Namespace(namespace) => named && item.name().0 == namespace,
            Test::Name { namespace, local } => {
                named && item.name() == (namespace.as_str(), local.as_str())
            }
        }
    }
}
