// The log of a task: search, folding, links to lines, and following the newest line.
(() => {
  'use strict';

  const log = document.getElementById('log');
  const field = document.getElementById('q');
  const found = document.getElementById('found');
  const follow = document.getElementById('follow');
  if (!log) return;

  // --- Folding -------------------------------------------------------------------------

  for (const [id, open] of [['unfold', true], ['fold', false]]) {
    const button = document.getElementById(id);
    button.hidden = false;
    button.addEventListener('click', () => {
      for (const details of log.querySelectorAll('details')) details.open = open;
    });
  }

  function reveal(element) {
    for (let up = element; up && up !== log; up = up.parentElement) {
      if (up.matches('details')) up.open = true;
    }
  }

  // --- Links to lines --------------------------------------------------------------------

  function arrive() {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || !log.contains(target)) return;
    letGo();
    reveal(target);
    target.scrollIntoView({ block: 'center' });
  }

  // --- Following ---------------------------------------------------------------------------

  // Only the machine that was unfolded last is followed: several at once would jump.
  let followed = null;
  let following = false;
  let height = 0;

  log.addEventListener('toggle', (event) => {
    if (event.target.matches('.block') && event.target.open) followed = event.target;
  }, true);

  function newest() {
    const block = followed?.open ? followed : [...log.querySelectorAll('.block[open]')].pop();
    return block && [...block.querySelectorAll('.line:not([hidden])')].pop();
  }

  function keepUp() {
    if (!following) return;
    newest()?.scrollIntoView({ block: 'end' });
    height = scrollY;
  }

  function letGo() {
    following = false;
    follow.setAttribute('aria-pressed', 'false');
  }

  follow.hidden = !document.getElementById('live');
  follow.addEventListener('click', () => {
    if (following) {
      letGo();
      return;
    }
    following = true;
    follow.setAttribute('aria-pressed', 'true');
    if (!newest()) reveal([...log.querySelectorAll('.line')].pop());
    keepUp();
  });
  addEventListener('scroll', () => {
    if (following && scrollY < height - 8) letGo();
    height = scrollY;
  }, { passive: true });

  // --- Search --------------------------------------------------------------------------------

  // A page that the server narrowed already is left as it is.
  const narrowed = field.value !== '';
  let unfolded = null;

  function paint(lines, query) {
    if (!CSS.highlights) return;
    const ranges = [];
    for (const line of lines) {
      const node = line.querySelector('.text').firstChild;
      const text = node?.textContent.toLowerCase() ?? '';
      for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + query.length)) {
        // Lower case may be longer than the text was.
        if (at + query.length > node.length) break;
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + query.length);
        ranges.push(range);
      }
    }
    CSS.highlights.set('sought', new Highlight(...ranges));
  }

  function search() {
    const query = field.value.toLowerCase();
    const lines = [...log.querySelectorAll('.line')];
    const hits = [];
    for (const line of lines) {
      const hit = line.querySelector('.text').textContent.toLowerCase().includes(query);
      line.hidden = !hit;
      if (hit) hits.push(line);
    }
    if (query) {
      unfolded ??= [...log.querySelectorAll('details[open]')];
      for (const line of hits) reveal(line);
    } else if (unfolded) {
      for (const details of log.querySelectorAll('details')) {
        details.open = unfolded.includes(details);
      }
      unfolded = null;
    }
    for (const details of log.querySelectorAll('details')) {
      details.hidden = query !== '' && !details.querySelector('.line:not([hidden])');
    }
    paint(query ? hits : [], query);
    found.textContent = query ? `${hits.length} of ${lines.length} lines` : '';
  }

  if (!narrowed) {
    let pending = 0;
    field.addEventListener('input', () => {
      clearTimeout(pending);
      pending = setTimeout(search, 120);
    });
    field.form.addEventListener('submit', (event) => {
      event.preventDefault();
      search();
    });
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && field.value) {
        event.preventDefault();
        field.value = '';
        search();
      }
    });
  }

  document.addEventListener('htmx:after:swap', () => {
    if (!narrowed && field.value) search();
    keepUp();
  });
  addEventListener('hashchange', arrive);
  if (location.hash) arrive();
})();
