// Forms whose answer takes long, marked with data-long: once sent, the form's status says so and its button rests, so
// that nobody presses twice. Whoever comes back finds both as they were.
(() => {
  const forms = [...document.querySelectorAll("form[data-long]")];

  const set = (form, isSent) => {
    const status = form.querySelector("[role=status]");
    status.textContent = isSent ? form.dataset.long : "";
    form.toggleAttribute("data-sent", isSent);
    for (const button of form.querySelectorAll("button")) button.disabled = isSent;
  };

  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      if (form.hasAttribute("data-sent")) event.preventDefault();
      else setTimeout(() => set(form, true)); // by then the browser has read which button was pressed
    });
  }
  addEventListener("pageshow", () => forms.forEach((form) => set(form, false)));
})();
