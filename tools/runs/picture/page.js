"use strict";
(() => {
  const states = [...document.querySelectorAll(".state")];
  const rows = [...document.querySelectorAll(".chart a.row")];
  const chart = document.querySelector(".chart");
  const breaks = states.flatMap((state, i) => (state.dataset.breaks === undefined ? [] : [i]));
  const last = states.length - 1;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const buttons = Object.fromEntries(
    [...document.querySelectorAll("nav.keys button")].map((one) => [one.dataset.key, one]));
  let now = -1;

  // An arrow goes from where it was to where it is.
  function move(from, to) {
    for (const arrow of to.querySelectorAll(".arrow")) {
      const before = from.querySelector(`.arrow[data-of="${arrow.dataset.of}"]`);
      if (!before) arrow.animate([{ opacity: 0 }, { opacity: 1 }], 250);
      else if (before.getAttribute("d") !== arrow.getAttribute("d"))
        arrow.animate([{ d: `path("${before.getAttribute("d")}")` },
          { d: `path("${arrow.getAttribute("d")}")` }], 250);
    }
  }

  // Scrolls the chart alone, and only up and down.
  function keepInView(row) {
    const outer = chart.getBoundingClientRect(), inner = row.getBoundingClientRect();
    const above = inner.top - outer.top - 2 * inner.height;
    const below = inner.bottom - outer.bottom + inner.height;
    if (above < 0) chart.scrollTop += above;
    else if (below > 0) chart.scrollTop += below;
  }

  function show(n) {
    const next = Math.min(Math.max(n, 0), last);
    if (next === now) return;
    const from = states[now];
    if (from) from.classList.remove("now");
    if (rows[now]) rows[now].classList.remove("now");
    now = next;
    states[now].classList.add("now");
    rows[now].classList.add("now");
    keepInView(rows[now]);
    if (from && !still) move(from, states[now]);
    document.documentElement.dataset.step = now;
    document.querySelector("nav.keys .where").textContent = `${now} of ${last}`;
    for (const key of ["Home", "k"]) buttons[key].disabled = now === 0;
    for (const key of ["End", "j"]) buttons[key].disabled = now === last;
    history.replaceState(null, "", `#step-${now}`);
  }

  // The next step that breaks a promise, and after the last of them the first.
  function nextBreak() {
    if (breaks.length !== 0) show(breaks.find((step) => step > now) ?? breaks[0]);
  }

  const first = () => show(0), end = () => show(last);
  const forth = () => show(now + 1), back = () => show(now - 1);
  const keys = { j: forth, ArrowDown: forth, ArrowRight: forth, k: back, ArrowUp: back,
    ArrowLeft: back, Home: first, End: end, b: nextBreak };
  document.addEventListener("keydown", (event) => {
    const go = keys[event.key];
    if (!go || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.tagName === "INPUT") return;
    event.preventDefault();
    go();
  });
  // Without the page itself going there.
  for (const [step, row] of rows.entries())
    row.addEventListener("click", (event) => {
      event.preventDefault();
      show(step);
    });
  for (const [key, button] of Object.entries(buttons)) button.addEventListener("click", keys[key]);
  buttons.b.disabled = breaks.length === 0;

  function follow() {
    const named = /^#step-(\d+)$/.exec(location.hash);
    show(named ? Number(named[1]) : 0);
  }
  addEventListener("hashchange", follow);
  document.documentElement.classList.add("js");
  follow();
})();
