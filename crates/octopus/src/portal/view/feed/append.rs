//! New lines and new machines, each put where it belongs.

use std::collections::BTreeMap;

use super::{LogLine, Now, TaskFeed, TaskView, partial};
use crate::portal::view::log::{Line, Segment, place};
use crate::portal::view::task::MachineBlock;

/// What happens to one segment.
struct Growth<'a> {
    place: usize,
    begins: bool,
    segment: Segment<'a>,
}

impl TaskFeed {
    pub(super) fn append(
        &mut self,
        html: &mut String,
        now: Now,
        task: &TaskView,
        lines: &[LogLine],
    ) -> askama::Result<()> {
        let grown = self.grow(task, lines);
        let known = self.cursor.machines;
        let mut fresh: BTreeMap<usize, Vec<Segment<'_>>> = BTreeMap::new();
        for growth in grown {
            if growth.place > known {
                fresh.entry(growth.place).or_default().push(growth.segment);
            } else if growth.begins {
                let target = format!("#b{}", growth.place);
                partial(html, &target, "beforeend", &growth.segment)?;
            } else {
                let target = format!("#s{}", growth.segment.first);
                let lines: String = growth.segment.lines.iter().map(Line::to_string).collect();
                partial(html, &target, "beforeend", &lines)?;
            }
        }
        for (machine, position) in task.machines.iter().zip(1..).skip(known) {
            let segments = fresh.remove(&position).unwrap_or_default();
            let block = MachineBlock {
                position,
                machine,
                now,
                segments,
                open: false,
            };
            partial(html, "#machines", "beforeend", &block)?;
        }
        self.cursor.machines = known.max(task.machines.len());
        Ok(())
    }

    /// The lines after the cursor, by segment.
    fn grow<'a>(&mut self, task: &TaskView, lines: &'a [LogLine]) -> Vec<Growth<'a>> {
        let machines = task.positions();
        let mut grown: Vec<Growth<'a>> = Vec::new();
        for line in lines {
            if line.sequence <= self.cursor.sequence {
                continue;
            }
            self.cursor.sequence = line.sequence;
            let place = place(line, &machines);
            let (first, begins) = self.tails.take(place, line);
            match grown
                .iter_mut()
                .find(|growth| growth.segment.first == first)
            {
                Some(growth) => growth.segment.lines.push(Line(line)),
                None => {
                    let mut segment = Segment::new(first, &line.step);
                    segment.lines.push(Line(line));
                    grown.push(Growth {
                        place,
                        begins,
                        segment,
                    });
                }
            }
        }
        grown
    }
}
