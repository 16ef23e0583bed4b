(function () {
  "use strict";
  var form = document.getElementById("filter"), table = document.getElementById("rows");
  var body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
  var shown = form.querySelector("output"), text = new Map();
  function words(row, column) {
    var key = column === undefined ? "all" : column, known = text.get(row);
    if (!known) { known = {}; text.set(row, known); }
    if (!(key in known)) {
      var node = column === undefined ? row : row.cells[column];
      known[key] = node.textContent.normalize("NFKC").toLowerCase();
    }
    return known[key];
  }
  function value(input) { return input.value.normalize("NFKC").toLowerCase().trim(); }
  function apply() {
    var priorities = {}, count = 0;
    form.querySelectorAll("[name=p]").forEach(function (box) { priorities[box.value] = box.checked; });
    var fields = Array.prototype.map.call(form.querySelectorAll("input[type=search]"), function (input) {
      return { value: value(input), column: input.dataset.column === undefined ? undefined : Number(input.dataset.column) };
    }).filter(function (field) { return field.value !== ""; });
    rows.forEach(function (row) {
      var keep = priorities[row.classList[0]] && fields.every(function (field) {
        return words(row, field.column).includes(field.value);
      });
      row.hidden = !keep;
      if (keep) { count += 1; }
    });
    shown.textContent = shown.dataset.text.replace("%1", count.toLocaleString()).replace("%2", rows.length.toLocaleString());
  }
  function sort(column, head) {
    var down = head.getAttribute("aria-sort") === "ascending", order = new Intl.Collator(document.documentElement.lang, { numeric: true });
    table.querySelectorAll("th").forEach(function (th) { th.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    var keyed = rows.map(function (row) {
      var cell = row.cells[column];
      return { row: row, key: cell.dataset.s || cell.textContent };
    });
    keyed.sort(function (a, b) { return (down ? -1 : 1) * order.compare(a.key, b.key); });
    rows = keyed.map(function (entry) { return entry.row; });
    var fragment = document.createDocumentFragment();
    rows.forEach(function (row) { fragment.appendChild(row); });
    body.appendChild(fragment);
  }
  var buttons = Array.prototype.map.call(table.tHead.rows[0].cells, function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", function () { sort(column, head); });
    head.textContent = "";
    head.appendChild(button);
    return button;
  });
  form.addEventListener("input", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.hidden = false;
  apply();
  // Browsers leave buttons out of a head that is repeated on the next page.
  window.addEventListener("beforeprint", function () {
    buttons.forEach(function (button) { button.replaceWith(button.textContent); });
  });
  window.addEventListener("afterprint", function () {
    buttons.forEach(function (button, column) { table.tHead.rows[0].cells[column].replaceChildren(button); });
  });
  window.addEventListener("beforeprint", function () {
    if (rows.length > 300) { return; }
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  });
})();
