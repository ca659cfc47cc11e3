#include "tools/runs/traces.h"

#include <fmt/format.h>

#include "properties/engines/engines.h"
#include "tools/runs/rules_build.h"

namespace hmm {

TracedRun load_run(const std::string& path) {
  TracedRun run{load_trace(path, all_property_names()), nullptr};
  if (!run.trace.rules.empty()) load_rules(run.trace.rules, {path});
  run.machine = machine_at(run.trace.scope);
  if (run.machine == nullptr)
    reject({path}, fmt::format("a scope that this build has ({})", joined(built_scopes())),
           run.trace.scope);
  return run;
}

std::vector<std::string_view> names_of_promises() {
  std::vector<std::string_view> names;
  for (const auto& property : property_infos())
    if (!property.is_strengthening) names.push_back(property.name);
  return names;
}

PropertySet expected_violated(const TraceFile& trace) {
  PropertySet set = 0;
  for (const auto& line : trace.lines)
    if (line.kind == TraceLine::Kind::expect_violated) set |= property_named(line.text);
  return set;
}

PropertySet expected_violated_at_end(const TraceFile& trace) {
  PropertySet set = 0;
  for (const auto& line : trace.lines) {
    if (line.kind == TraceLine::Kind::step) set = 0;
    if (line.kind == TraceLine::Kind::expect_violated) set |= property_named(line.text);
  }
  return set;
}

}  // namespace hmm
