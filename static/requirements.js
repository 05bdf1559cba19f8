// In the admin: while requirements are edited, the sentence that each would make, or what is wrong with it.
(() => {
  const group = document.querySelector("[data-previews]");
  if (!group) return;
  const form = group.closest("form");
  let pause, latest;

  function show(page) {
    for (const fresh of page.querySelectorAll("[aria-live]")) {
      const place = document.getElementById(fresh.id);
      // What has not changed is not read out again.
      if (place && place.innerHTML !== fresh.innerHTML) place.replaceChildren(...fresh.childNodes);
    }
  }

  async function preview() {
    latest?.abort();
    latest = new AbortController();
    const values = new FormData(form);
    values.set("_preview", "sentences");
    try {
      const answer = await fetch(location.href, { method: "POST", body: values, signal: latest.signal });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch (error) {
      if (error.name !== "AbortError") group.querySelector("[aria-live]").textContent = group.dataset.previews;
    }
  }

  group.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(preview, 400); // milliseconds without a further key
  });
})();
