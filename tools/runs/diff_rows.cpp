#include "tools/runs/diff_rows.h"

#include <fmt/format.h>

#include "model/step_infos.h"
#include "tools/runs/failure.h"
#include "traces/text.h"

namespace hmm {
namespace {

std::string side(const char* letter, Verdict verdict, const std::vector<std::string>& rows) {
  std::string out = fmt::format("    {} -> {}{}\n", letter, name_of(verdict),
                                rows.empty() ? ", and changes nothing" : "");
  for (const auto& row : rows) out += "      " + row + "\n";
  return out;
}

ReportRow row_of_broken(const FoundBroken& broken, const Profile& here, const std::string& says) {
  const std::string promise = names_of_properties(broken.promise).front();
  ReportRow row;
  row.name = fmt::format("{}: {}", says, promise);
  row.detail = fmt::format("{} steps at {}", broken.steps.size(), broken.scope);
  row.facts = {{"promise", promise}, {"scope", broken.scope}};
  row.trace = failing_trace(here, broken.scope, broken.steps, broken.promise);
  row.text = fmt::format("promise {}\n  {}", row.name, row.detail);
  return row;
}

}  // namespace

std::string trace_of(const FoundDifference& found, const Profile& a, const Profile& b) {
  std::string out;
  for (const auto& step : found.what.steps) out += "  " + print_step(step) + "\n";
  const BothSides sides = both_sides(found, a, b);
  return out + side("A", sides.a, sides.rows_a) + side("B", sides.b, sides.rows_b);
}

ReportRow row_of_difference(const FoundDifference& found, const Profile& a, const Profile& b) {
  const Difference& what = found.what;
  ReportRow row;
  row.judgement = Judgement::violated;
  row.name = name_of(what);
  row.detail = fmt::format("{} edges, first after {} steps at {}", grouped(what.edges),
                           what.steps.size(), found.scope);
  row.facts = {{"step", step_infos()[what.kind].name},
               {"verdict_a", name_of(what.a)},
               {"verdict_b", name_of(what.b)},
               {"edges", what.edges},
               {"scope", found.scope},
               {"steps", what.steps.size()}};
  row.trace = trace_of(found, a, b);
  row.text = fmt::format("step {}\n  {}", row.name, row.detail);
  return row;
}

ReportRow row_of_proved_only(const ProvedOnly& found, const std::string& options_b) {
  const auto& one = found.what;
  const auto step = step_infos()[one.step].name;
  ReportRow row;
  row.judgement = Judgement::violated;
  row.name = fmt::format("{}: {} -> {}, in a state that no search came by", step, name_of(one.a),
                         name_of(one.b));
  row.detail = fmt::format("of {}: {}; {}", found.scope, print_step(*one.counterexample),
                           in_words(found, options_b));
  row.facts = {{"step", step},
               {"verdict_a", name_of(one.a)},
               {"verdict_b", name_of(one.b)},
               {"scope", found.scope},
               {"may_break", names_of_properties(found.may_break.value_or(0))}};
  row.text = fmt::format("step {}\n  {}", row.name, row.detail);
  return row;
}

ReportRow row_of_promise(const FoundBroken& broken, const Profile& here, const char* says) {
  ReportRow row = row_of_broken(broken, here, says);
  row.judgement = Judgement::violated;
  row.facts.update({{"change", says}, {"steps", broken.steps.size()}});
  return row;
}

// The search of the other kernel did not end.
ReportRow row_of_not_known(const NotKnown& broken, const Profile& here) {
  ReportRow row = row_of_broken(broken.what, here,
                                fmt::format("broken in {}, not known of {}",
                                            broken.in_b ? "B" : "A", broken.in_b ? "A" : "B"));
  row.judgement = Judgement::undecided;
  return row;
}

ReportRow row_of_ends(const EndsDifference& one) {
  ReportRow row;
  row.judgement = Judgement::violated;
  row.name = fmt::format("{}: {}", one.in_b ? "newly broken" : "mended", one.claim);
  row.detail = fmt::format("at {}, {}", one.scope, one.detail);
  row.facts = {{"claim", one.claim}, {"scope", one.scope}};
  row.trace = one.trace;
  row.text = fmt::format("promise {}\n  {}", row.name, row.detail);
  return row;
}

ReportRow row_of_call(const DifferentCall& call) {
  ReportRow row;
  row.judgement = Judgement::violated;
  row.name = fmt::format("{}:{}: {}", call.source, call.line, call.call);
  row.detail = in_words(call);
  row.facts = {{"file", call.source},
               {"line", call.line},
               {"call", call.call},
               {"recorded", call.kernel},
               {"a", call.a.empty() ? call.kernel : call.a},
               {"b", call.b.empty() ? call.kernel : call.b}};
  row.text = fmt::format("call {}: {}", row.name, row.detail);
  return row;
}

}  // namespace hmm
