// What a participant's pages do beyond plain HTML: take the code from the picture that was scanned, and leave without a way back.
(() => {
  const field = document.querySelector("[data-code]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (field && /^[0-9A-Za-z-]{9,15}$/.test(code)) {
    field.value = code;
    history.replaceState(null, "", location.pathname);
  }
  document.querySelector("[data-exit]").addEventListener("click", (event) => {
    event.preventDefault();
    location.replace(event.currentTarget.href);
  });
})();
