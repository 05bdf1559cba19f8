// On the map of preconditions: a box under the pointer or in focus lights up all it waits for and all that waits for it.
(() => {
  const map = document.querySelector(".map-room .map");
  if (!map) return;
  const arrows = [...map.querySelectorAll("[data-from]")];
  const boxes = new Map([...map.querySelectorAll("[data-box]")].map((box) => [box.dataset.box, box]));

  function follow(start, near, far) {
    const reached = new Set([start]);
    for (const box of reached) {
      for (const arrow of arrows) {
        if (arrow.dataset[near] === box) {
          arrow.classList.add("is-lit");
          reached.add(arrow.dataset[far]);
        }
      }
    }
    for (const box of reached) boxes.get(box).classList.add("is-lit");
  }

  function clear() {
    map.classList.remove("is-tracing");
    for (const lit of map.querySelectorAll(".is-lit")) lit.classList.remove("is-lit");
  }

  function trace(event) {
    const box = event.target.closest("[data-box]");
    clear();
    if (!box) return;
    map.classList.add("is-tracing");
    follow(box.dataset.box, "from", "to");
    follow(box.dataset.box, "to", "from");
  }

  map.addEventListener("pointerover", trace);
  map.addEventListener("focusin", trace);
  map.addEventListener("pointerleave", clear);
  map.addEventListener("focusout", clear);
})();
