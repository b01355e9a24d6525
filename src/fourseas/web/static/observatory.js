// Everything can be read and chosen without this: it only saves the reader a press of a button.
"use strict";
for (const form of document.querySelectorAll(".choices form[method=get]")) {
  for (const slider of form.querySelectorAll("input[type=range]")) {
    slider.addEventListener("input", () => { slider.nextElementSibling.value = slider.value; });
  }
  // A form that leads to another page keeps its button: what it holds may be what is wanted.
  if (new URL(form.action).pathname !== location.pathname) continue;
  if (form.querySelector("input[type=text], input[type=number], textarea")) continue;
  form.classList.add("prompt");
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=range]")) {
      form.requestSubmit();
    }
  });
}
