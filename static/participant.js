// What a participant's pages do beyond plain HTML: take the code from the picture that was scanned, leave without a
// way back, and send again what a bad line has lost, which is safe: whatever comes twice is stored once.
(() => {
  const PATIENCE = 60000; // milliseconds for one try
  const LONGEST_WAIT = 8000; // milliseconds between two tries
  let isSending = false;
  let isLeftToBrowser = !("timeout" in AbortSignal);

  const takeCode = () => {
    const field = document.querySelector("[data-code]");
    const code = decodeURIComponent(location.hash.slice(1));
    if (field && /^[0-9A-Za-z-]{9,15}$/.test(code)) {
      field.value = code;
      history.replaceState(null, "", location.pathname);
    }
  };

  const send = async (form, body) => {
    for (let wait = 500; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      try {
        const signal = AbortSignal.timeout(PATIENCE);
        const answer = await fetch(form.action, { method: "POST", body, signal });
        return { address: answer.url, text: await answer.text() };
      } catch {
        document.querySelector("[data-line]").hidden = false;
        await new Promise((resume) => setTimeout(resume, wait));
      }
    }
  };

  const show = ({ address }, page) => {
    document.documentElement.lang = page.documentElement.lang;
    document.documentElement.dir = page.documentElement.dir;
    document.body.replaceWith(document.adoptNode(page.body));
    scrollTo(0, 0);
    document.getElementById("main").focus({ preventScroll: true });
    history.replaceState(null, "", new URL(address).pathname);
  };

  const submit = async (form, button) => {
    const fields = new FormData(form);
    if (button && button.name) fields.append(button.name, button.value);
    form.setAttribute("aria-busy", "true");
    const answer = await send(form, new URLSearchParams(fields));
    const page = new DOMParser().parseFromString(answer.text, "text/html");
    if (page.querySelector("[data-line]")) {
      show(answer, page);
    } else {
      isLeftToBrowser = true; // another kind of page, with a look of its own
      form.requestSubmit(button);
    }
  };

  takeCode();
  document.addEventListener("click", (event) => {
    const exit = event.target.closest("[data-exit]");
    if (!exit) return;
    event.preventDefault();
    location.replace(exit.href);
  });
  document.addEventListener("submit", (event) => {
    if (isLeftToBrowser) return;
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    submit(event.target, event.submitter).finally(() => (isSending = false));
  });
})();
