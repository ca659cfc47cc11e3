// Pages in headless Chromium: steps, keys and marks as somebody who looks at them has them.
#include <iostream>
#include <regex>

#include "tests/tools/differing.h"

namespace hmm {
namespace {

bool has_browser() {
  const bool has = shell("command -v chromium").code == 0;
  if (!has) std::cout << "skipped for want of chromium: tools/setup chromium\n";
  return has;
}

// What chromium makes of the page, after keys are pressed one after the other.
std::string shown(const Folder& folder, const std::string& page, const std::string& fragment,
                  const std::vector<std::string>& keys = {}) {
  std::string text = folder.text(page);
  text += "<script>";
  for (const auto& key : keys)
    text += "document.dispatchEvent(new KeyboardEvent('keydown', {key: '" + key + "'}));";
  const std::string file = folder.file("shown.html", text + "</script>\n");
  const Ran ran = shell(
      "exec 2>/dev/null; timeout 120 chromium --headless --no-sandbox --disable-gpu --no-first-run "
      "--user-data-dir=" +
      (folder / "browser") + " --virtual-time-budget=2000 --dump-dom 'file://" + file + fragment +
      "'");
  CHECK(ran.code == 0);
  return ran.out;
}

// The number of the state that is shown, `none` if it is not exactly one.
std::string step_shown(const std::string& dom) {
  const std::regex article("<article class=\"state[a-z ]* now\" id=\"step-([0-9]+)\"");
  std::string found = "none";
  std::size_t n = 0;
  for (std::sregex_iterator at(dom.begin(), dom.end(), article), end; at != end; ++at, ++n)
    found = (*at)[1];
  return n == 1 ? found : "none";
}

std::string drawn(const Folder& folder, const std::string& arguments) {
  CHECK(run(arguments + " --html " + (folder / "page.html")).code == 0);
  return "page.html";
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("a bug of the museum: keys go through its steps, and to those that break a promise") {
  if (!has_browser()) return;
  const Folder folder;
  const std::string page = drawn(folder, "replay -q traces/museum/MM-dirty-cow/bug.trace");
  const auto step = [&](const std::string& fragment, const Keys& keys) {
    return step_shown(shown(folder, page, fragment, keys));
  };
  CHECK(step("", {}) == "0");
  CHECK(step("#step-5", {}) == "5");
  CHECK(step("#step-99", {}) == "8");
  CHECK(step("", {"j", "ArrowDown", "ArrowRight", "k"}) == "2");
  CHECK(step("#step-1", {"ArrowUp", "ArrowLeft"}) == "0");
  CHECK(step("", {"End", "j"}) == "8");
  CHECK(step("#step-5", {"Home"}) == "0");
  CHECK(step("", {"b"}) == "7");
  CHECK(step("", {"b", "b"}) == "8");
  CHECK(step("", {"b", "b", "b"}) == "7");
}

TEST_CASE("a defect's trace: where it breaks a promise the claim and its rows are marked") {
  if (!has_browser()) return;
  const Folder folder;
  const std::string page =
      drawn(folder, "replay -q traces/defects/unmap_forgives_device_ref.trace");
  const std::string dom = shown(folder, page, "", {"b"});
  CHECK(step_shown(dom) == "13");
  CHECK_THAT(dom, Catch::Contains("<html lang=\"en\" class=\"js\" data-step=\"13\">"));
  CHECK_THAT(dom, Catch::Contains("aria-live=\"polite\">13 of 18</span>"));
  CHECK_THAT(dom, Catch::Contains("class=\"row broken breaks now\" href=\"#step-13\""));
  const std::string now = dom.substr(dom.find("id=\"step-13\""));
  const std::string state = now.substr(0, now.find("</article>"));
  CHECK_THAT(state, Catch::Contains("<li>broken: migration_goes_in_order."));
  CHECK_THAT(state, Catch::Contains("class=\"box broken\""));
  CHECK_THAT(state, Catch::Contains("class=\"broken-row\""));
}

TEST_CASE("a held recording: the calls with what the kernel and the model showed") {
  if (!has_browser()) return;
  const Folder folder;
  const std::string page = drawn(folder, "conform traces/recordings/held/linux-6.12.txt");
  const std::string dom = shown(folder, page, "", {"End"});
  CHECK(step_shown(dom) != "0");
  CHECK_THAT(dom, Catch::Contains("mprotect 0-0 r</text>"));
  CHECK_THAT(dom, Catch::Contains("<th>kernel</th><th>model</th>"));
  // There is no first difference to go to.
  CHECK(step_shown(shown(folder, page, "#step-3", {"b"})) == "3");
}

TEST_CASE("a recording that differs: the key goes to the first difference") {
  if (!has_browser()) return;
  const Folder folder;
  const std::string wrong = differing_recording(folder);
  CHECK(run("conform --html " + (folder / "page.html") + " " + wrong).code == 1);
  const std::string dom = shown(folder, "page.html", "", {"b"});
  const std::string now = dom.substr(dom.find("id=\"step-" + step_shown(dom) + "\""));
  CHECK_THAT(now, Catch::Contains("<tr class=\"differs first\"><th>result</th>"));
}

}  // namespace hmm
