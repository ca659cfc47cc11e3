#include "tests/goldens/recompute.h"

#include <algorithm>
#include <filesystem>
#include <functional>

#include "model/defects.h"
#include "model/scopes.h"
#include "model/step_infos.h"
#include "properties/encodings_pfn.h"
#include "properties/engines/engines.h"
#include "properties/waivers.h"
#include "tests/goldens/broken_rules.h"
#include "traces/conform.h"
#include "traces/kconfig_swap.h"
#include "traces/profile_file.h"
#include "traces/source_rows.h"

namespace hmm::goldens {
namespace {

constexpr const char* kProfile = "6.12";

ExploreResult explored(const std::string& scope, const Profile& k, PropertySet properties) {
  ExploreOptions options;
  options.properties = properties;
  return explore(scope, k, options);
}

// Of each promise, how many of its claims were given.
Golden exercised(const std::string& scope, const GivenCounts& given) {
  Golden golden{"exercised " + scope, {}};
  for (std::size_t p = 0; p < property_infos().size(); ++p) {
    if ((promises() >> p & 1) == 0) continue;
    std::uint64_t claims = 0;
    for (std::size_t c = 0; c < claim_infos().size(); ++c)
      claims += claim_infos()[c].property == p && given[c] != 0 ? 1 : 0;
    golden.values.emplace_back(property_infos()[p].name, claims);
  }
  return golden;
}

// Of each step that has any.
Golden edges_by_step(const std::string& scope, const std::vector<std::uint64_t>& edges) {
  Golden golden{"edges " + scope, {}};
  for (std::size_t i = 0; i < edges.size(); ++i)
    if (edges[i] != 0) golden.values.emplace_back(step_infos()[i].name, edges[i]);
  return golden;
}

GoldenFile explore_file(const Goldens& old, std::uint64_t max_states) {
  GoldenFile file{
      "explore",
      "Every reachable state of a scope, and about what it takes. Written by tools/goldens.",
      {}};
  for (const auto& s : kScopes) {
    if (s.explore == Use::none) continue;
    const std::string key = std::string("explore ") + s.name;
    const Golden* const known = find(old, key);
    if (known != nullptr && known->value("states").value_or(0) > max_states) {
      for (const char* what : {"explore ", "edges ", "exercised "})
        if (const Golden* const line = find(old, std::string(what) + s.name); line != nullptr)
          file.lines.push_back(*line);
      continue;
    }
    const ExploreResult r =
        explored(s.name, without_breaking_defects(load_profile(kProfile)), kAllProperties);
    if (r.bad != 0 || !r.complete)
      throw std::runtime_error(
          key + ": not to the end, or violated: " + joined(names_of_properties(r.bad)));
    // What it takes is of the machine: it stays as it was measured when the states were first so
    // many.
    const bool is_known = known != nullptr && known->value("states") == r.states;
    const auto measured = [&](const char* name, double now) {
      const auto before = is_known ? known->value(name) : std::nullopt;
      return before.value_or(static_cast<std::uint64_t>(now) + 1);
    };
    file.lines.push_back(
        {key,
         {{"states", r.states},
          {"edges", r.edges},
          {"depth", r.depth},
          {"verdicts", count_verdicts(r.seen)},
          {"megabytes",
           measured("megabytes", r.bytes_per_state * static_cast<double>(r.states) / 1e6)},
          {"milliseconds", measured("milliseconds", r.seconds * 1000)}}});
    file.lines.push_back(edges_by_step(s.name, r.edges_of));
    file.lines.push_back(exercised(s.name, r.given));
  }
  return file;
}

// How many steps the scope has instances of and 6.12 ever takes, and how many instances.
std::pair<std::uint64_t, std::uint64_t> steps_at(const Scope& scope) {
  const Profile k = load_profile("6.12");
  std::uint64_t steps = 0, instances = 0;
  for (const StepInfo& step : step_infos()) {
    if (step.is_out_of_scope(scope)) continue;
    std::uint64_t of_step = 1;
    for (const StepField& field : step.fields) of_step *= range_of(field.sort, scope).count;
    steps += does_without(step.name, step.verdicts, k) ? 0 : 1;
    instances += of_step;
  }
  return {steps, instances};
}

std::uint64_t encoding_claims() {
  std::uint64_t count = 0;
  for (const SwapConfig& config : configurable_configs())
    count += [&]<class... P>(std::tuple<P...>*) {
      return (std::uint64_t{0} + ... + (P::applies(config) ? 1 : 0));
    }(static_cast<EncodingProperties*>(nullptr));
  return count;
}

// The folders below `traces/NAME` that have the file.
std::uint64_t folders_with(const std::string& name, const char* file) {
  std::uint64_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(HMM_SOURCE_DIR) + "/traces/" + name))
    count += std::filesystem::exists(entry.path() / file) ? 1 : 0;
  return count;
}

Golden kept() {
  const auto scopes = std::count_if(std::begin(kScopes), std::end(kScopes),
                                    [](const auto& s) { return s.explore != Use::none; });
  return {"kept",
          {{"bugs", folders_with("museum", "bug.toml")},
           {"patches", folders_with("patches", "patch.toml")},
           {"explored_scopes", static_cast<std::uint64_t>(scopes)}}};
}

GoldenFile sizes_file() {
  GoldenFile file{"sizes", "How many there are. Written by tools/goldens.", {}};
  file.lines.push_back(
      {"model", {{"steps", step_infos().size()}, {"properties", property_infos().size()}}});
  for (const auto& s : kScopes) {
    const auto [steps, instances] = steps_at(s.scope);
    file.lines.push_back(
        {std::string("scope ") + s.name, {{"steps", steps}, {"instances", instances}}});
  }
  file.lines.push_back(
      {"encodings", {{"configs", configurable_configs().size()}, {"claims", encoding_claims()}}});
  Golden sources{"sources", {{"works", 0}, {"refused", 0}, {"missing", 0}}};
  for (const SourceRow& row : source_rows())
    for (auto& [verdict, count] : sources.values) count += verdict == row.verdict() ? 1 : 0;
  file.lines.push_back(sources);
  file.lines.push_back(kept());
  return file;
}

Golden depth_of(const std::string& scope, const BrokenRule& broken) {
  const Profile k = without(broken);
  ExploreOptions options;
  options.properties = promises();
  options.start = state_after(scope, k, broken.start);
  return {key_of(broken), {{"depth", explore(scope, k, options).counterexample.size()}}};
}

// How many of what it is known to break a defect breaks, and the shortest run that does.
Golden depth_of(const Defect& defect) {
  Profile k = without_breaking_defects(load_profile(kProfile));
  k.*switch_named(defect.name)->at = true;
  std::uint64_t broken = 0;
  unsigned depth = ~0u;
  for (const char* property : defect.breaks) {
    if (property == nullptr) break;
    const ExploreResult r = explored(defect.scope, k, property_named(property));
    if (r.bad == 0) continue;
    ++broken;
    depth = std::min(depth, r.depth);
  }
  return {std::string("defect ") + defect.name, {{"breaks", broken}, {"depth", depth}}};
}

GoldenFile broken_rules_file() {
  GoldenFile file{"broken_rules", "Steps to the first violation. Written by tools/goldens.", {}};
  for (const BrokenRule& broken : kBrokenAtTiny) file.lines.push_back(depth_of("tiny", broken));
  for (const BrokenRule& broken : kBrokenAtFork) file.lines.push_back(depth_of("fork", broken));
  for (const Defect& defect : kDefects)
    if (defect.breaks[0] != nullptr) file.lines.push_back(depth_of(defect));
  return file;
}

// Of each step, the calls in which it took effect.
struct StepsTaken {
  std::vector<std::uint64_t> calls = std::vector<std::uint64_t>(step_infos().size());

  void operator()(const RecordedCall&, const ModelledCall& made) {
    std::vector<bool> taken(calls.size());
    for (const TakenStep& step : made.steps)
      if (takes_effect(step.verdict)) taken[step.step.kind] = true;
    for (std::size_t i = 0; i < calls.size(); ++i) calls[i] += taken[i] ? 1 : 0;
  }
  Golden golden(const std::string& key) const {
    Golden out{key, {}};
    for (std::size_t i = 0; i < calls.size(); ++i)
      if (calls[i] != 0) out.values.emplace_back(step_infos()[i].name, calls[i]);
    return out;
  }
};

// How many calls are judged, and how many traces end at each thing that nobody can say.
Golden judged(const std::string& path, const ConformReport& r) {
  Golden golden{"judged " + path, {{"calls", r.judged}}};
  for (const auto& [what, traces] : r.unknown) {
    std::string name = what;
    std::replace(name.begin(), name.end(), ' ', '_');
    golden.values.emplace_back(name, traces);
  }
  return golden;
}

GoldenFile recordings_file() {
  GoldenFile file{
      "recordings",
      "Of each, the calls that a defect decided, those that take a step, and what ends its "
      "judgement. Written by tools/goldens.",
      {}};
  const std::filesystem::path folder = std::string(HMM_SOURCE_DIR) + "/traces/recordings";
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".txt")
      paths.push_back(std::filesystem::relative(entry.path(), folder).string());
  // linux-6.1.txt, then those in folders.
  const auto depth = [](const std::string& path) { return path.find('/') != path.npos; };
  std::sort(paths.begin(), paths.end(), [&](const std::string& a, const std::string& b) {
    return std::pair(depth(a), a) < std::pair(depth(b), b);
  });
  for (const std::string& path : paths) {
    const auto kernel = kernel_of_recording(path);
    if (!kernel) throw std::runtime_error(path + ": not named after a kernel");
    ConformReport r;
    StepsTaken taken;
    conform(parse_recording(read_input((folder / path).string()), path),
            {load_profile(std::string(swap_kernel_name(*kernel))), *kernel, {}, std::ref(taken)},
            r);
    Golden golden{"recording " + path,
                  {{"traces", r.traces}, {"calls", r.calls}, {"agree", r.agreeing}}};
    for (const auto& [defect, calls] : r.decided) golden.values.emplace_back(defect, calls);
    file.lines.push_back(std::move(golden));
    file.lines.push_back(taken.golden("steps " + path));
    if (!r.unknown.empty()) file.lines.push_back(judged(path, r));
  }
  return file;
}

}  // namespace

Goldens recomputed(const Goldens& old, std::uint64_t max_states) {
  return {explore_file(old, max_states), sizes_file(), broken_rules_file(), recordings_file()};
}

}  // namespace hmm::goldens
