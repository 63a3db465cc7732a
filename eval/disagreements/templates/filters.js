"use strict";
(function () {
  var form = document.getElementById("filters");
  if (!form) { return; }
  var cards = Array.prototype.slice.call(document.querySelectorAll(".card"));
  var groups = Array.prototype.slice.call(document.querySelectorAll(".group"));
  var spots = Array.prototype.slice.call(document.querySelectorAll(".spot"));
  var shown = document.getElementById("shown");
  // Several disagreements at one passage have one text.
  function words(card) {
    var text = card.parentNode.className === "spot" && card.parentNode.querySelector(":scope > blockquote");
    return ((text ? text.textContent : "") + " " + card.textContent).toLowerCase();
  }
  function fits(card, wanted) {
    var d = card.dataset;
    return (!wanted.group || d.group === wanted.group)
      && (!wanted.kind || d.kind === wanted.kind)
      && (!wanted.transcript || d.transcript === wanted.transcript)
      && (!wanted.code || d.codes.indexOf("|" + wanted.code + "|") >= 0)
      && (!wanted.words || words(card).indexOf(wanted.words) >= 0);
  }
  function apply() {
    var wanted = {}, count = 0;
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name) { wanted[field.name] = field.name === "words" ? field.value.trim().toLowerCase() : field.value; }
    });
    cards.forEach(function (card) {
      var kept = fits(card, wanted);
      card.hidden = !kept;
      if (kept) { count += 1; }
    });
    spots.concat(groups).forEach(function (group) { group.hidden = !group.querySelector(".card:not([hidden])"); });
    shown.textContent = count === cards.length ? cards.length + " shown" : count + " of " + cards.length + " shown";
  }
  function toAddress() {
    var place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var hidden = place && place.closest("[hidden]");
    if (hidden) { form.reset(); apply(); }
    // The text comes first, also where it is that of several disagreements.
    var spot = place && place.parentNode.className === "spot" ? place.parentNode : place;
    if (spot && (hidden || spot !== place)) { spot.scrollIntoView(); }
  }
  var waiting = 0;
  form.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  form.addEventListener("submit", function (event) { event.preventDefault(); apply(); });
  window.addEventListener("hashchange", toAddress);
  form.hidden = false;
  apply();
  // After the browser has gone there by itself.
  window.addEventListener("load", function () { setTimeout(toAddress, 0); });
}());
