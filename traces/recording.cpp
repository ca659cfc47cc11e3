#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

#include "traces/recording_order.h"
#include "traces/recording_shapes.h"

namespace hmm {
namespace {

constexpr unsigned kMaxName = 9999;  // of a frame, and of a mapcount
constexpr unsigned kMaxSwapType = 31;

// One line, word by word.
class Line {
 public:
  Line(Origin at, std::string_view text) : at_(std::move(at)), words_(words_of(text)) {}

  [[noreturn]] void fail(std::string_view expected, std::string_view found) const {
    reject(at_, expected, found);
  }
  unsigned number() const { return at_.line; }
  bool is_at_end() const { return next_ == words_.size(); }
  std::string_view peek() const { return is_at_end() ? std::string_view{} : words_[next_]; }
  std::string_view take(std::string_view expected) {
    if (is_at_end()) fail(expected, "the end of the line");
    return words_[next_++];
  }
  void take_word(std::string_view word) {
    const auto found = take(word);
    if (found != word) fail(word, found);
  }
  void end() const {
    if (!is_at_end()) fail("the end of the line", peek());
  }

  // `text` is of the word last taken.
  template <class T>
  T to_number(std::string_view expected, std::string_view text, T max, int base = 10) const {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size() || value > max)
      fail(expected, words_[next_ - 1]);  // the whole word, of which the number may be a part
    return value;
  }
  unsigned take_page() {
    constexpr std::string_view expected = "a page from 0 to 3";
    return to_number(expected, take(expected), kRecordedPages - 1);
  }
  unsigned take_value() {
    constexpr std::string_view expected = "a value";
    return to_number(expected, take(expected), ~0u);
  }
  unsigned take_device() {
    constexpr std::string_view expected = "a device from d0 to d3";
    const auto word = take(expected);
    if (!word.starts_with('d')) fail(expected, word);
    return to_number(expected, word.substr(1), kRecordedDevices - 1);
  }
  unsigned take_actor() {
    constexpr std::string_view expected = "a process, A or B";
    const auto word = take(expected);
    if (word != "A" && word != "B") fail(expected, word);
    return word == "A" ? 0 : 1;
  }

 private:
  Origin at_;
  std::vector<std::string_view> words_;
  std::size_t next_ = 0;
};

void parse_range(Line& line, RecordedCall& call) {
  constexpr std::string_view expected = "a range FIRST-LAST of pages 0 to 3";
  const auto word = line.take(expected);
  const std::size_t dash = word.find('-');
  if (dash == word.npos) line.fail(expected, word);
  call.first = line.to_number(expected, word.substr(0, dash), kRecordedPages - 1);
  call.last = line.to_number(expected, word.substr(dash + 1), kRecordedPages - 1);
  if (call.last < call.first) line.fail(expected, word);
}

void parse_rights(Line& line, RecordedCall& call) {
  const auto word = line.take("none, r or rw");
  if (word != "none" && word != "r" && word != "rw") line.fail("none, r or rw", word);
  call.read = word != "none";
  call.write = word == "rw";
}

void parse_memory(Line& line, RecordedCall& call) {
  const auto word = line.take("anon or shared");
  if (word != "anon" && word != "shared") line.fail("anon or shared", word);
  call.shared = word == "shared";
}

void parse_arguments(Line& line, RecordedCall& call) {
  const Arguments arguments = shape_of(call.kind).arguments;
  switch (arguments) {
    case Arguments::none:
      return;
    case Arguments::page:
    case Arguments::page_value:
    case Arguments::page_page:
      call.first = call.last = line.take_page();
      if (arguments == Arguments::page_value) call.value = line.take_value();
      if (arguments == Arguments::page_page) call.to = line.take_page();
      return;
    case Arguments::range:
    case Arguments::range_rights:
    case Arguments::range_rights_memory:
      parse_range(line, call);
      if (arguments != Arguments::range) parse_rights(line, call);
      if (arguments == Arguments::range_rights_memory) parse_memory(line, call);
      return;
    case Arguments::child:
      line.take_word("B");
      return;
    case Arguments::device:
      call.device = line.take_device();
      return;
    case Arguments::device_range:
    case Arguments::device_range_value:
      call.device = line.take_device();
      parse_range(line, call);
      if (arguments == Arguments::device_range_value) call.value = line.take_value();
      return;
  }
}

unsigned take_counter(Line& line, std::string_view name) {
  const std::string expected = fmt::format("{}NUMBER", name);
  const auto word = line.take(expected);
  if (!word.starts_with(name)) line.fail(expected, word);
  return line.to_number(expected, word.substr(name.size()), kMaxName);
}

CallResult parse_success(Line& line, const RecordedCall& call) {
  const CallShape& shape = shape_of(call.kind);
  CallResult r;
  r.has_cpages = shape.cpages;
  r.has_faults = shape.faults;
  if (shape.cpages) r.cpages = take_counter(line, "cpages=");
  if (shape.faults) r.faults = take_counter(line, "faults=");
  for (unsigned v = call.first; shape.values && v <= call.last; ++v) r.add_value(line.take_value());
  return r;
}

CallResult parse_result(Line& line, const RecordedCall& call) {
  const bool gives_value = call.kind == CallKind::load;
  const bool signals = shape_of(call.kind).signals;
  const std::string expected = fmt::format("{} or {}", gives_value ? "a value" : "ok",
                                           signals ? "a signal" : "an errno name");
  if (gives_value && !line.is_at_end() && line.peek()[0] >= '0' && line.peek()[0] <= '9')
    return loaded(line.take_value());
  const auto word = line.take(expected);
  const auto* found = std::find_if(kOutcomes.begin(), kOutcomes.end(),
                                   [&](const OutcomeRow& row) { return row.name == word; });
  if (found == kOutcomes.end()) line.fail(expected, word);
  const Outcome outcome = found->outcome;
  if (outcome == Outcome::held && call.kind == CallKind::mprotect) {
    for (const auto word_of_place : words_of(kHeldAt)) line.take_word(word_of_place);
    return outcome;
  }
  const bool may_wait = call.kind == CallKind::load || call.kind == CallKind::store;
  if (outcome == Outcome::waits && may_wait) return outcome;
  const Ending ending = found->ending;
  const bool is_success = outcome == Outcome::ok && !gives_value;
  const bool is_failure =
      signals ? ending == Ending::signal : ending == Ending::error || ending == Ending::no_return;
  if (!is_success && !is_failure) line.fail(expected, word);
  return outcome == Outcome::ok ? parse_success(line, call) : CallResult(outcome);
}

RecordedCall parse_call(Line& line) {
  RecordedCall call;
  call.line = line.number();
  call.actor = line.take_actor();
  const auto name = line.take("a call");
  const auto* shape = std::find_if(kShapes.begin(), kShapes.end(),
                                   [&](const CallShape& s) { return s.name == name; });
  if (shape == kShapes.end()) line.fail("a call", name);
  call.kind = static_cast<CallKind>(shape - kShapes.begin());
  parse_arguments(line, call);
  line.take_word("->");
  call.result = parse_result(line, call);
  line.end();
  return call;
}

// Cuts and gives what precedes the next comma.
std::string_view next_part(std::string_view& rest) {
  const std::size_t comma = rest.find(',');
  const auto part = rest.substr(0, comma);
  rest = comma == rest.npos ? std::string_view{} : rest.substr(comma + 1);
  return part;
}

SeenPage parse_page(Line& line) {
  constexpr std::string_view expected = "a page such as -, zero, f0,m1 or t27:f0";
  const auto word = line.take(expected);
  if (word.ends_with(',')) line.fail(expected, word);
  SeenPage page;
  std::string_view rest = word;
  const auto what = next_part(rest);
  if (what == "-") {
    page.kind = SeenPte::none;
  } else if (what == "zero") {
    page.kind = SeenPte::zero;
  } else if (what.starts_with('f')) {
    page.kind = SeenPte::present;
    page.frame = line.to_number(expected, what.substr(1), kMaxName);
    const auto count = next_part(rest);
    if (!count.starts_with('m')) line.fail(expected, word);
    page.mapcount = line.to_number(expected, count.substr(1), kMaxName);
  } else {
    const std::size_t colon = what.find(":f");
    if (!what.starts_with('t') || colon == what.npos) line.fail(expected, word);
    page.kind = SeenPte::entry;
    page.swap_type = line.to_number(expected, what.substr(1, colon - 1), kMaxSwapType);
    page.frame = line.to_number(expected, what.substr(colon + 2), kMaxName);
  }
  // The flags come in this order, each at most once.
  for (const auto& [name, flag] : {std::pair{"x", &page.exclusive}, std::pair{"sh", &page.shared},
                                   std::pair{"sd", &page.soft_dirty}}) {
    std::string_view after = rest;
    if (next_part(after) != name) continue;
    *flag = true;
    rest = after;
  }
  if (!rest.empty()) line.fail(expected, word);
  return page;
}

Observation parse_observation(Line& line) {
  constexpr std::string_view byte = "a snapshot of two hexadecimal digits";
  Observation seen;
  seen.line = line.number();
  seen.actor = line.take_actor();
  for (auto& page : seen.page) page = parse_page(line);
  for (unsigned d = 0; d < kRecordedDevices; ++d) {
    line.take_word("|");
    line.take_word(fmt::format("d{}", d));
    for (auto& snapshot : seen.snapshot[d]) {
      const auto word = line.take(byte);
      if (word.size() != 2) line.fail(byte, word);
      snapshot = static_cast<std::uint8_t>(line.to_number(byte, word, 0xffu, 16));
    }
  }
  line.end();
  return seen;
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& source)
      : lines_(lines_of(text, source)), source_(source) {}

  Recording parse() {
    Recording recording{source_, {}};
    while (next_ < lines_.size()) recording.traces.push_back(parse_trace());
    return recording;
  }

 private:
  Origin here() const { return {source_, static_cast<unsigned>(next_ + 1)}; }
  Line take(std::string_view expected) {
    if (next_ == lines_.size()) reject(here(), expected, "the end of the file");
    const Origin at = here();
    return {at, lines_[next_++]};
  }

  RecordedTrace parse_trace() {
    Line head = take("trace SEED");
    RecordedTrace trace;
    trace.line = head.number();
    head.take_word("trace");
    constexpr std::string_view expected = "a seed";
    trace.seed = head.to_number(expected, head.take(expected), ~std::uint64_t{0});
    head.end();
    CallOrder order;
    for (;;) {
      Line line = take("a call or end");
      if (line.peek() == "end") {
        line.take_word("end");
        line.end();
        return trace;
      }
      trace.steps.push_back(parse_step(line, order));
    }
  }

  RecordedStep parse_step(Line& line, CallOrder& order) {
    RecordedStep step{parse_call(line), {}};
    const RecordedCall& call = step.call;
    if (const auto expected = order.expected_instead_of(call))
      line.fail(*expected, print_call(call));
    order.take(call);
    if (!order.is_settled()) return step;
    for (unsigned actor = 0; actor < (order.has_child() ? 2u : 1u); ++actor) {
      const std::string expected = fmt::format("an observation of {}", kActorNames[actor]);
      Line observed = take(expected);
      const auto sign = observed.take(expected);
      if (sign != "=") observed.fail(expected, sign);
      if (observed.peek() != std::string_view(&kActorNames[actor], 1))
        observed.fail(expected, observed.is_at_end() ? "the end of the line" : observed.peek());
      step.seen.push_back(parse_observation(observed));
    }
    return step;
  }

  std::vector<std::string_view> lines_;
  std::string source_;
  std::size_t next_ = 0;
};

}  // namespace

Recording parse_recording(std::string_view text, const std::string& source) {
  return Parser(text, source).parse();
}

}  // namespace hmm
