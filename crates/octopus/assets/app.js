// What the portal's pages do beyond plain HTML: times in the reader's zone that go on
// counting, the state of the live connection, dialogs, copying. Without it all works
// but live updates.
(() => {
  'use strict';

  // --- Times -------------------------------------------------------------------------

  const two = (number) => String(number).padStart(2, '0');
  const served = Date.parse(document.body.dataset.now ?? '');
  // The reader's clock may be wrong; the server's is what all times come from.
  const skew = Number.isNaN(served) ? 0 : Date.now() - served;
  const now = () => Date.now() - skew;

  const day = (date) =>
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = (date) =>
    `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const zone = () => {
    const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts();
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  };
  const local = zone();

  // As in src/portal/format.rs.
  function ago(date) {
    const seconds = Math.trunc((now() - date) / 1000);
    if (seconds >= -60 && seconds < 60) return 'just now';
    if (seconds < 0 || seconds >= 30 * 86400) return day(date);
    const [amount, unit] =
      seconds < 3600 ? [seconds / 60, 'minute']
      : seconds < 86400 ? [seconds / 3600, 'hour']
      : [seconds / 86400, 'day'];
    const whole = Math.trunc(amount);
    return `${whole} ${unit}${whole === 1 ? '' : 's'} ago`;
  }

  function span(milliseconds) {
    if (milliseconds <= 0) return '0 s';
    const seconds = Math.trunc(milliseconds / 1000);
    if (seconds < 1) return '< 1 s';
    if (seconds < 60) return `${seconds} s`;
    const [unit, name, below, part] =
      seconds < 3600 ? [60, 'm', 1, 's']
      : seconds < 86400 ? [3600, 'h', 60, 'm']
      : [86400, 'd', 3600, 'h'];
    return `${Math.trunc(seconds / unit)} ${name} ${Math.trunc((seconds % unit) / below)} ${part}`;
  }

  function put(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function tick() {
    for (const time of document.querySelectorAll('time[data-show=ago]')) {
      put(time, ago(new Date(time.dateTime)));
    }
    for (const time of document.querySelectorAll('time[data-show=since]')) {
      put(time, span(now() - new Date(time.dateTime)));
    }
  }

  // `data-local` marks what is done; it goes when an update brings the server's text.
  function localise() {
    for (const time of document.querySelectorAll('time[data-show]:not([data-local])')) {
      const date = new Date(time.dateTime);
      time.title = `${day(date)} ${clock(date)} ${local}`;
      time.dataset.local = '';
      if (time.dataset.show === 'clock') put(time, clock(date));
    }
    for (const name of document.querySelectorAll('[data-zone]')) put(name, local);
    tick();
  }

  localise();
  setInterval(tick, 1000);
  document.addEventListener('htmx:after:swap', localise);

  // --- The live connection -------------------------------------------------------------

  const said = document.getElementById('connection');
  const live = document.getElementById('live');
  const silence = 45_000;
  let connection = null;
  let heard = 0;
  let warning = 0;

  function lost() {
    if (!live || warning) return;
    // A short break is not worth a word.
    warning = setTimeout(() => {
      put(said, `Connection lost at ${clock(new Date())}: what you see is from then. Trying again…`);
    }, 1500);
  }

  function found() {
    clearTimeout(warning);
    warning = 0;
    put(said, '');
  }

  document.addEventListener('htmx:sse:before:connection', (event) => {
    if (event.detail.connection.attempt > 0 && !document.hidden) lost();
  });
  document.addEventListener('htmx:sse:error', lost);
  document.addEventListener('htmx:sse:after:connection', (event) => {
    connection = event.detail.connection;
    found();
    // What happened in between was missed: lists fetch themselves once.
    if (connection.attempt > 0 || retried) htmx.trigger(live, 'refresh');
  });
  document.addEventListener('htmx:sse:close', () => { connection = null; });
  document.addEventListener('htmx:sse:before:message', (event) => {
    if (event.detail.message.event === 'alive' || heard) heard = Date.now();
  });
  // A line that went dead without an end is not noticed by the browser for minutes.
  setInterval(() => {
    if (connection?.reader && heard && Date.now() - heard > silence) {
      heard = Date.now();
      lost();
      connection.reader.cancel();
    }
  }, 5000);

  // The first connection is not tried again by htmx.
  let retried = false;
  function retry() {
    lost();
    setTimeout(() => {
      retried = true;
      const url = live.getAttribute('hx-sse:connect');
      if (live.isConnected && !connection) htmx.ajax('GET', url, { source: live });
    }, 3000);
  }

  function refused(event) {
    const ctx = event.detail.ctx;
    const source = ctx?.sourceElement;
    if (ctx?.response?.status === 401) location.reload();
    else if (source?.matches?.('[data-dialog]')) location.href = source.href;
    else if (source && source === live) retry();
    else if (source) lost();
  }
  document.addEventListener('htmx:error', refused);
  document.addEventListener('htmx:response:error', refused);

  document.addEventListener('htmx:before:swap', (event) => {
    const { ctx, tasks } = event.detail;
    // Led elsewhere, such as to the sign-in page: that is a page of its own.
    if (ctx.response?.raw?.redirected) {
      event.preventDefault();
      location.reload();
      return;
    }
    if (ctx.sourceElement?.id === 'page') found();
    // Nothing is shown twice, whatever a reconnection brings again.
    for (const task of tasks) {
      if (task.swapSpec?.style !== 'beforeend') continue;
      for (const child of [...task.fragment.children]) {
        const named = child.id ? child : child.querySelector('[id]');
        if (named && document.getElementById(named.id)) child.remove();
      }
    }
  });

  // --- Dialogs, copying, forms -----------------------------------------------------------

  const dialog = document.getElementById('dialog');
  document.addEventListener('htmx:after:swap', (event) => {
    if (dialog && event.detail.ctx.target === dialog && !dialog.open) dialog.showModal();
  });
  dialog?.addEventListener('close', () => dialog.replaceChildren());

  for (const button of document.querySelectorAll('.copy')) button.hidden = false;

  async function copy(button) {
    const text = button.previousElementSibling;
    getSelection().selectAllChildren(text);
    try {
      await navigator.clipboard.writeText(text.textContent);
      put(button, 'Copied');
    } catch {
      // Not over plain HTTP: the text is selected, the keyboard copies it.
      put(button, 'Press Ctrl-C');
    }
    setTimeout(() => put(button, 'Copy'), 2000);
  }

  document.addEventListener('click', (event) => {
    const target = event.target.closest('[data-close], .copy');
    if (target?.matches('.copy')) copy(target);
    else if (target?.closest('dialog')) {
      event.preventDefault();
      dialog.close();
    }
  });

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    // A second click must not start it twice.
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
    form.querySelector('button')?.setAttribute('aria-disabled', 'true');
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });

  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, textarea, [contenteditable]');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = document.getElementById('q');
    if (!field) return;
    event.preventDefault();
    field.select();
  });
})();
