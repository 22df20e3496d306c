// The script of the console's pages: it shows live counts, fetches the page again when the world has changed, and lets files be
// dropped on the form that uploads them. Every page works without it.
'use strict';

const main = document.querySelector('main[data-live-page]');
let busy = false, again = false;

// refresh puts the page's new state in the place of the old one. What a reader is in the middle of stays: an open
// section, a selection, a focus.
async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const answer = await fetch(location.href);
    if (answer.ok) {
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const part of main.querySelectorAll('[data-refresh]')) {
        const fresh = next.getElementById(part.id);
        if (!fresh || part.innerHTML === fresh.innerHTML) continue;
        const selection = document.getSelection();
        if (part.contains(document.activeElement) || (selection && !selection.isCollapsed && part.contains(selection.anchorNode))) continue;
        const open = [...part.querySelectorAll('details')].map(d => d.open);
        const scrolled = [...part.querySelectorAll('.scroll')].map(s => [s.scrollLeft, s.scrollTop]);
        part.replaceChildren(...fresh.childNodes);
        const details = part.querySelectorAll('details');
        if (details.length === open.length) details.forEach((d, i) => { d.open = open[i]; });
        part.querySelectorAll('.scroll').forEach((s, i) => { if (scrolled[i]) [s.scrollLeft, s.scrollTop] = scrolled[i]; });
      }
    }
  } catch { /* the server has gone; the stream says so */ }
  setTimeout(() => { busy = false; if (again) { again = false; refresh(); } }, 1000);
}

// A page that nobody sees gives its connection back: a browser has only a few for one server.
const status = document.getElementById('connection');
let revision = main ? Number(main.dataset.revision) : 0, source = null;
function connect() {
  source = new EventSource('/_airline/events');
  source.onmessage = message => {
    const news = JSON.parse(message.data);
    status.textContent = 'live';
    document.getElementById('now').textContent = news.now;
    for (const [name, value] of Object.entries(news.values)) {
      for (const element of document.querySelectorAll('[data-live="' + CSS.escape(name) + '"]')) {
        if (element.textContent !== value) element.textContent = value;
      }
    }
    if (main && revision !== news.revision) refresh(); // also of what happened before the stream began
    revision = news.revision;
  };
  source.onerror = () => { status.textContent = 'not connected'; };
}
connect();
addEventListener('pagehide', () => source.close());
addEventListener('pageshow', event => { if (event.persisted) connect(); });
document.addEventListener('visibilitychange', () => {
  source.close();
  if (document.visibilityState === 'visible') connect();
});

for (const zone of document.querySelectorAll('[data-drop]')) {
  const input = zone.querySelector('input[type=file]');
  for (const name of ['dragenter', 'dragover']) zone.addEventListener(name, e => { e.preventDefault(); zone.classList.add('over'); });
  for (const name of ['dragleave', 'drop']) zone.addEventListener(name, e => { e.preventDefault(); zone.classList.remove('over'); });
  zone.addEventListener('drop', e => { input.files = e.dataTransfer.files; input.dispatchEvent(new Event('change')); });
}
