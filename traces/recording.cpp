#include <fmt/format.h>

#include <optional>
#include <set>

#include "traces/call_text.h"
#include "traces/recording_order.h"

namespace hmm {
namespace {

constexpr unsigned kMaxName = 9999;  // of a frame, and of a mapcount
constexpr unsigned kMaxSwapType = 31;

unsigned take_actor(Line& line) {
  constexpr std::string_view expected = "a process, A or B";
  const auto word = line.take(expected);
  if (word != "A" && word != "B") line.fail(expected, word);
  return word == "A" ? 0 : 1;
}

// Of a recording: all of it, or what somebody wrote who saw nothing, or who knows no results
// either.
enum class Wanted { all, results, calls };

RecordedCall parse_call(Line& line, Wanted wanted) {
  RecordedCall call;
  call.line = line.number();
  call.actor = take_actor(line);
  call.what = take_call(line);
  if (wanted == Wanted::calls && line.is_at_end()) return call;
  line.take_word("->");
  call.result = take_result(line, call.what);
  line.end();
  if (wanted == Wanted::results && call.result.ends_in(Ending::under_way))
    line.fail("a call that comes back", print_result(call.result));
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
  seen.actor = take_actor(line);
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

// A frame that is mapped and one that an entry names are never one.
void require_names_of_one_kind(const std::vector<Observation>& group, const Origin& at) {
  std::set<unsigned> present, entries;
  for (const auto& seen : group)
    for (const auto& page : seen.page) {
      if (page.kind == SeenPte::present) present.insert(page.frame);
      if (page.kind == SeenPte::entry) entries.insert(page.frame);
    }
  for (const unsigned frame : entries)
    if (present.count(frame) != 0)
      reject(at, "frames of entries that no present page has", fmt::format("f{} of both", frame));
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& source, Wanted wanted = Wanted::all)
      : lines_(lines_of(text, source)), source_(source), wanted_(wanted) {}

  Recording parse() {
    Recording recording{source_, {}, {}};
    try {
      while (next_ < lines_.size()) recording.traces.push_back(parse_trace());
    } catch (const InputError& error) {
      recording.refused = error.what();
    }
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
    if (head.peek() == "hmmcheck-trace")
      head.fail("trace SEED (a trace is for `hmmcheck replay`)", head.peek());
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
    RecordedStep step{parse_call(line, wanted_), {}};
    const RecordedCall& call = step.call;
    if (const auto expected = order.expected_instead_of(call))
      line.fail(*expected, print_call(call));
    order.take(call);
    if (wanted_ != Wanted::all) {
      while (next_ < lines_.size() && lines_[next_].starts_with("= ")) ++next_;
      return step;
    }
    if (!order.is_settled()) return step;
    for (unsigned actor = 0; actor < (order.has_child() ? 2u : 1u); ++actor) {
      const std::string expected = fmt::format("an observation of {}", kActorNames[actor]);
      Line observed = take(expected);
      const auto sign = observed.take(expected);
      if (sign != "=") observed.fail(expected, sign);
      if (observed.peek() != std::string_view(&kActorNames[actor], 1))
        observed.fail(expected, observed.is_at_end() ? "the end of the line" : observed.peek());
      step.seen.push_back(parse_observation(observed));
      require_names_of_one_kind(step.seen, {source_, observed.number()});
    }
    return step;
  }

  std::vector<std::string_view> lines_;
  std::string source_;
  Wanted wanted_;
  std::size_t next_ = 0;
};

}  // namespace

Recording parse_calls(std::string_view text, const std::string& source, Results results) {
  const Wanted wanted = results == Results::required ? Wanted::results : Wanted::calls;
  Recording recording = Parser(text, source, wanted).parse();
  if (!recording.refused.empty()) throw InputError(recording.refused);
  return recording;
}

Recording parse_recording(std::string_view text, const std::string& source) {
  Recording recording = parse_whole_traces(text, source);
  if (!recording.refused.empty()) throw InputError(recording.refused);
  return recording;
}

Recording parse_whole_traces(std::string_view text, const std::string& source) {
  // The last line may be cut off.
  const std::size_t end = text.rfind('\n');
  const std::string_view whole = text.substr(0, end == text.npos ? 0 : end + 1);
  Recording recording = Parser(whole, source).parse();
  if (whole.size() == text.size()) return recording;
  try {
    lines_of(text, source);
  } catch (const InputError& error) {
    recording.refused = error.what();
  }
  return recording;
}

}  // namespace hmm
