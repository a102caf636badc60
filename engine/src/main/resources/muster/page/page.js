'use strict';
(() => {
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  const theme = find('theme');
  theme.hidden = false;
  theme.addEventListener('click', () => {
    const dark = root.dataset.theme
      ? root.dataset.theme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    theme.setAttribute('aria-pressed', String(!dark));
  });
  const form = find('filter');
  if (!form) {
    return;
  }
  form.hidden = false;
  const objects = [...document.querySelectorAll('.object')].map((element) => ({
    element,
    cluster: element.dataset.cluster,
    rows: [...element.querySelectorAll('tbody tr')].map((row) => ({
      row,
      kind: row.dataset.kind,
      text: (element.querySelector('h3').textContent + ' ' + row.textContent).toLowerCase(),
    })),
  }));
  const text = find('text');
  const cluster = find('cluster');
  const kind = find('kind');
  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    let all = 0;
    for (const object of objects) {
      let some = false;
      const here = !cluster.value || object.cluster === cluster.value;
      for (const row of object.rows) {
        const fits =
          here &&
          (!kind.value || row.kind === kind.value) &&
          words.every((word) => row.text.includes(word));
        row.row.hidden = !fits;
        some = some || fits;
        shown += fits ? 1 : 0;
        all += 1;
      }
      object.element.hidden = !some;
    }
    find('shown').textContent =
      shown === all ? all + (all === 1 ? ' field' : ' fields') : shown + ' of ' + all + ' fields';
    find('none').hidden = shown > 0;
  };
  form.addEventListener('input', apply);
  form.addEventListener('reset', () => setTimeout(apply, 0));
  form.addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('keydown', (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      text.focus();
    } else if (event.key === 'Escape' && event.target === text) {
      text.value = '';
      apply();
    }
  });
  apply();
})();
