#include "tools/runs/traces.h"

#include <fmt/format.h>

#include "properties/engines/engines.h"

namespace hmm {

TracedRun load_run(const std::string& path) {
  TracedRun run{load_trace(path, all_property_names()), nullptr};
  run.machine = machine_at(run.trace.scope);
  if (run.machine == nullptr)
    reject({path}, fmt::format("a scope that this build has ({})", joined(built_scopes())),
           run.trace.scope);
  return run;
}

}  // namespace hmm
