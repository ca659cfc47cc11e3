#include "traces/call_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "traces/recording.h"

namespace hmm {
namespace {

constexpr unsigned kMaxCounter = 9999;

// Each argument is read with take(), written with text(), and stands as sign() in FORMAT.md; a
// second one of the same type has the letter after that.
unsigned take_page(Line& line) {
  constexpr std::string_view expected = "a page from 0 to 3";
  return line.to_number(expected, line.take(expected), kRecordedPages - 1);
}
unsigned take_value(Line& line) {
  constexpr std::string_view expected = "a value";
  return line.to_number(expected, line.take(expected), ~0u);
}

void take(Line& line, call::Page& page) { page.vpn = take_page(line); }
std::string text(const call::Page& page) { return fmt::format("{}", page.vpn); }
std::string sign(const call::Page&) { return "P"; }

void take(Line& line, call::Pages& pages) {
  constexpr std::string_view expected = "a range FIRST-LAST of pages 0 to 3";
  const auto word = line.take(expected);
  const std::size_t dash = word.find('-');
  if (dash == word.npos) line.fail(expected, word);
  pages.first = line.to_number(expected, word.substr(0, dash), kRecordedPages - 1);
  pages.last = line.to_number(expected, word.substr(dash + 1), kRecordedPages - 1);
  if (pages.last < pages.first) line.fail(expected, word);
}
std::string text(const call::Pages& pages) { return fmt::format("{}-{}", pages.first, pages.last); }
std::string sign(const call::Pages&) { return "R"; }

void take(Line& line, call::Value& value) { value.v = take_value(line); }
std::string text(const call::Value& value) { return fmt::format("{}", value.v); }
std::string sign(const call::Value&) { return "V"; }

void take(Line& line, call::Device& device) {
  constexpr std::string_view expected = "a device from d0 to d3";
  const auto word = line.take(expected);
  if (!word.starts_with('d')) line.fail(expected, word);
  device.number = line.to_number(expected, word.substr(1), kRecordedDevices - 1);
}
std::string text(const call::Device& device) { return fmt::format("d{}", device.number); }
std::string sign(const call::Device&) { return "D"; }

std::string text(const call::Child& child) { return std::string(1, kActorNames[child.mm]); }
std::string sign(const call::Child& child) { return text(child); }
void take(Line& line, call::Child& child) { line.take_word(text(child)); }

// Rights and memory: the enumerators' own names.
template <class E>
requires std::is_enum_v<E>
void take(Line& line, E& value) {
  constexpr auto& names = kEnumeratorNames<E>;
  const std::string expected =
      fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
  const auto word = line.take(expected);
  const auto* found = std::find(names.begin(), names.end(), word);
  if (found == names.end()) line.fail(expected, word);
  value = static_cast<E>(found - names.begin());
}
template <class E>
requires std::is_enum_v<E> std::string text(E value) { return std::string(enumerator_name(value)); }
template <class E>
requires std::is_enum_v<E> std::string sign(E) {
  return fmt::format("{}", fmt::join(kEnumeratorNames<E>, "|"));
}

unsigned take_counter(Line& line, std::string_view name) {
  const std::string expected = fmt::format("{}NUMBER", name);
  const auto word = line.take(expected);
  if (!word.starts_with(name)) line.fail(expected, word);
  return line.to_number(expected, word.substr(name.size()), kMaxCounter);
}

CallResult take_success(Line& line, const Call& call) {
  const call::Row& row = row_of(call);
  CallResult r;
  r.has_cpages = row.cpages;
  r.has_faults = row.faults;
  if (row.cpages) r.cpages = take_counter(line, "cpages=");
  if (row.faults) r.faults = take_counter(line, "faults=");
  const unsigned values =
      row.values ? std::visit([](const auto& one) { return call::count_pages(one); }, call) : 0;
  for (unsigned i = 0; i < values; ++i) r.add_value(take_value(line));
  return r;
}

// Where a call is held: `at FUNCTION`, on entry, or `after FUNCTION`, on its return.
std::string_view take_place(Line& line) {
  constexpr std::string_view expected = "a function of the kernel";
  constexpr std::size_t kMax = 63;
  const auto when = line.take("at or after");
  if (when != "at" && when != "after") line.fail("at or after", when);
  const auto name = line.take(expected);
  const auto is_of_names = [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (name.size() > kMax || !std::all_of(name.begin(), name.end(), is_of_names))
    line.fail(expected, name);
  return kept_place(when, name);
}

// What a call can come back with, in words of FORMAT.md.
std::string results(const call::Row& row) {
  std::string out = row.gives_value ? "a value" : "`ok";
  if (row.cpages) out += " cpages=N";
  if (row.faults) out += " faults=N";
  if (row.values) out += " V...";
  if (!row.gives_value) out += "`";
  out += row.fails_with == Ending::signal ? ", a signal" : ", an errno";
  return out;
}
// A cell of a Markdown table.
std::string cell(std::string_view words) {
  std::string out;
  for (const char c : words) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

}  // namespace

Call take_call(Line& line) {
  const auto name = line.take("a call");
  Call call;
  bool known = false;
  for_each_call([&](auto blank) {
    if (blank.row.name != name) return;
    known = true;
    call::for_each_argument(blank, [&](auto& argument) { take(line, argument); });
    call = blank;
  });
  if (!known) line.fail("a call", name);
  return call;
}

std::string_view kept_place(std::string_view when, std::string_view function) {
  static std::mutex mutex;
  static std::set<std::string> places;
  const std::lock_guard lock(mutex);
  return *places.insert(fmt::format("{} {}", when, function)).first;
}

std::string print(const Call& call) {
  std::string out(row_of(call).name);
  std::visit(
      [&](const auto& one) {
        call::for_each_argument(one, [&](const auto& argument) { out += " " + text(argument); });
      },
      call);
  return out;
}

std::string usage_of(const Call& call) {
  std::string out(row_of(call).name);
  const auto add = [&](const auto& argument) {
    std::string own = sign(argument);
    if (own.size() == 1 && out.ends_with(" " + own)) ++own[0];
    out += " " + own;
  };
  std::visit([&](const auto& one) { call::for_each_argument(one, add); }, call);
  return out;
}

CallResult take_result(Line& line, const Call& call) {
  const call::Row& row = row_of(call);
  const bool signals = row.fails_with == Ending::signal;
  const std::string expected = fmt::format("{} or {}", row.gives_value ? "a value" : "ok",
                                           signals ? "a signal" : "an errno name");
  if (row.gives_value && !line.is_at_end() && line.peek()[0] >= '0' && line.peek()[0] <= '9')
    return loaded(take_value(line));
  const auto word = line.take(expected);
  const auto* found = std::find_if(kOutcomes.begin(), kOutcomes.end(),
                                   [&](const OutcomeRow& o) { return o.name == word; });
  if (found == kOutcomes.end()) line.fail(expected, word);
  CallResult result(found->outcome);
  if (result.is(Outcome::held)) result.held_at = take_place(line);
  if (result.ends_in(Ending::under_way)) return result;
  if (result.is(Outcome::ok) && !row.gives_value) return take_success(line, call);
  const bool fails = result.ends_in(row.fails_with) || result.ends_in(Ending::no_return);
  if (!fails) line.fail(expected, word);
  return result;
}

std::string calls_table() {
  std::string out = "| call | result | what it is |\n|---|---|---|\n";
  for_each_call([&](const auto& call) {
    out += fmt::format("| `{}` | {} | {} |\n", cell(usage_of(call)), results(call.row),
                       cell(call.row.says));
  });
  return out;
}

}  // namespace hmm
