// Everything can be read and chosen without this: choices are links and forms. It saves the reader
// the press of a button, shows what a choice changes in place, and marks a country everywhere.
"use strict";
const main = document.getElementById("main");
const page = (path) => path.split("/")[1] || "world";
const here = () => location.pathname + location.search;
let shown = here();
let asking = null;

function prepare() {
  for (const form of document.querySelectorAll(".choices form[method=get]")) {
    for (const slider of form.querySelectorAll("input[type=range]")) {
      slider.addEventListener("input", () => { slider.nextElementSibling.value = slider.value; });
    }
    // A form that leads to another page keeps its button: what it holds may be what is wanted.
    if (new URL(form.action).pathname !== location.pathname) continue;
    if (form.querySelector("input[type=text], input[type=number], textarea")) continue;
    form.classList.add("prompt");
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=range]")) form.requestSubmit();
    });
  }
}

// Bring what is chosen into sight of the part of a table or chart that is shown.
function reveal() {
  for (const box of document.querySelectorAll(".scroll, .drawing")) {
    const chosen = box.querySelector("tr.chosen, path.chosen")?.getBoundingClientRect();
    if (!chosen) continue;
    const { left, top } = box.getBoundingClientRect();
    const [x, y] = [chosen.left - left, chosen.top - top];
    if (y < chosen.height || y + chosen.height > box.clientHeight) box.scrollTop += y - box.clientHeight / 2;
    if (x + Math.min(chosen.width, 40) > box.clientWidth) box.scrollLeft += x - box.clientWidth / 2;
  }
}

// Where something of the page is, so that it is found again in what takes its place.
function placeOf(element) {
  const part = element?.closest("section");
  if (!part) return null;
  const mark = element.closest("tr[data-country], tr[data-field]") ?? element.querySelector("[data-year], [data-country]");
  const like = `${element.localName}${element.name ? `[name="${element.name}"]:not([type=hidden])` : ""}`;
  return {
    part: part.id ? `#${CSS.escape(part.id)}` : `section.${part.classList[0]}`,
    like,
    marks: mark ? JSON.stringify(mark.dataset) : "",
    at: [...part.querySelectorAll(like)].indexOf(element),
  };
}

function found({ part, like, marks, at }) {
  const all = [...document.querySelector(part)?.querySelectorAll(like) ?? []];
  if (!marks) return all[at];
  return all.find((one) => placeOf(one).marks === marks);
}

function swap(content, from) {
  const part = from && placeOf(from)?.part;
  const above = part && document.querySelector(part).getBoundingClientRect().top;
  const focus = main.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  const boxes = [...document.querySelectorAll("section[id] > .scroll, section[id] > .drawing, nav")];
  const scrolled = boxes.map((box) => [box.parentElement.id, box.className, box.scrollLeft, box.scrollTop]);
  document.title = content.title;
  for (const name of ["header", "main", "footer"]) {
    document.querySelector(`body > ${name}`).replaceChildren(...content.querySelector(`body > ${name}`).childNodes);
  }
  prepare();
  for (const [id, name, left, top] of scrolled) {
    const box = id ? document.querySelector(`#${CSS.escape(id)} > .${name.split(" ")[0]}`) : document.querySelector("nav");
    box?.scrollTo(left, top);
  }
  reveal();
  const now = part && document.querySelector(part);
  if (now) scrollBy(0, now.getBoundingClientRect().top - above);
  if (focus) (found(focus) ?? main).focus({ preventScroll: true });
  const said = [document.querySelector("h1"), document.getElementById("told")];
  document.getElementById("heard").textContent = said.map((one) => one?.textContent ?? "").join(". ");
}

// A page that waits for what is being counted asks for itself again; if it was left, it does not.
function lookAgain() {
  const waits = main.querySelector("[data-again]");
  const address = location.href;
  if (waits) setTimeout(() => { if (waits.isConnected) show(address, null); }, 1000 * waits.dataset.again);
}

// Show an address in the place of this one; plain navigation where that cannot be.
async function show(address, from) {
  asking?.abort();
  const mine = asking = new AbortController();
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: mine.signal });
    const isPage = answer.ok && answer.headers.get("content-type")?.startsWith("text/html");
    if (!isPage) throw new TypeError("no page");
    const content = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (from) {
      history.replaceState({ top: scrollY }, "");
      if (answer.url !== location.href) history.pushState(null, "", answer.url);
    }
    shown = here();
    swap(content, from);
    if (!from) scrollTo(0, history.state?.top ?? scrollY);
    main.removeAttribute("aria-busy");
    lookAgain();
  } catch {
    if (mine.signal.aborted) return;
    if (from) location.assign(address); else location.reload();
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("main a[href]");
  const isPlain = !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || link.closest(".take")) return;
  const to = new URL(link.getAttribute("href"), document.baseURI);
  if (to.origin !== location.origin) return;
  if (to.pathname !== location.pathname && !link.dataset.year) return;
  if (to.pathname + to.search === here() && to.hash) return;
  event.preventDefault();
  show(to.href.split("#")[0], link);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const to = new URL(form.getAttribute("action"), document.baseURI);
  if (!form.matches(".choices form[method=get]") || page(to.pathname) !== page(location.pathname)) return;
  event.preventDefault();
  to.search = new URLSearchParams(new FormData(form));
  show(to.href, event.submitter ?? document.activeElement);
});

addEventListener("popstate", () => { if (here() !== shown) show(location.href, null); });

// A country under the pointer or the focus is marked wherever the page shows it.
function mark(event) {
  const at = event.target instanceof Element ? event.target : main;
  const country = (at.closest("[data-country]") ?? at.querySelector(":scope > [data-country]"))?.dataset.country;
  for (const one of document.querySelectorAll(".seen")) one.classList.remove("seen");
  if (!country) return;
  for (const one of document.querySelectorAll(`[data-country="${CSS.escape(country)}"]`)) one.classList.add("seen");
}
document.addEventListener("pointerover", mark);
document.addEventListener("focusin", mark);

prepare();
reveal();
lookAgain();
