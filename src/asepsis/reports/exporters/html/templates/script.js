(function () {
  function show(details) { for (var i = 0; i < details.length; i++) { details[i].open = true; } }
  function follow() {
    var target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    var around = target && target.closest("details");
    if (around) { around.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("beforeprint", function () { show(document.querySelectorAll("details:not(.way-details)")); });
  window.addEventListener("hashchange", follow);
  follow();
})();
