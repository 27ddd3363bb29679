"use strict";
(() => {
  const root = document.documentElement;
  const button = document.getElementById("looks");
  const looks = ["auto", "light", "dark"];
  const recall = () => { try { return localStorage.getItem("looks") || "auto"; } catch { return "auto"; } };
  const show = (look) => {
    if (look === "auto") delete root.dataset.looks; else root.dataset.looks = look;
    button.textContent = "Colours: " + look;
    try { localStorage.setItem("looks", look); } catch { /* a page from a file may not store */ }
  };
  button.hidden = false;
  let look = looks.includes(recall()) ? recall() : "auto";
  show(look);
  button.addEventListener("click", () => { look = looks[(looks.indexOf(look) + 1) % 3]; show(look); });

  // no <button>: a browser does not repeat a head of columns that holds one on the next page of a print
  const pressable = (part, press) => {
    part.tabIndex = 0;
    part.setAttribute("role", "button");
    part.addEventListener("click", press);
    part.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      press();
    });
  };

  const isNumber = (kind) => !["text", "date"].includes(kind);
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => pressable(head.firstElementChild, () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const body = table.tBodies[0];
      const key = (row) => row.cells[column].dataset.key ?? row.cells[column].textContent;
      const compare = isNumber(head.className)
        ? (a, b) => Number(a) - Number(b)
        : (a, b) => a.localeCompare(b);
      const rows = [...body.rows].sort((a, b) => {
        const x = key(a), y = key(b);
        if (x === "" || y === "") return (x === "") - (y === "");
        return up ? compare(x, y) : compare(y, x);
      });
      body.append(...rows);
    }));
  }

  const opened = [];
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details:not([open])")) {
      if (Number(fold.dataset.rows ?? 0) <= 40) { fold.open = true; opened.push(fold); }
    }
  });
  addEventListener("afterprint", () => { for (const fold of opened.splice(0)) fold.open = false; });

  const narrow = matchMedia("(max-width: 75rem)");
  const contents = document.querySelector("nav details");
  const fit = () => { contents.open = !narrow.matches; };
  narrow.addEventListener("change", fit);
  fit();

  const links = new Map([...document.querySelectorAll("nav a")].map((a) => [a.hash.slice(1), a]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  for (const id of links.keys()) { const part = document.getElementById(id); if (part) seen.observe(part); }
})();
