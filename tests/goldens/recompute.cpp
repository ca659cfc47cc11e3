#include "tests/goldens/recompute.h"

#include <algorithm>
#include <filesystem>

#include "properties/encodings_pfn.h"
#include "properties/engines/explore_instances.h"
#include "tests/goldens/broken_rules.h"
#include "tools/verbs/conform.h"
#include "tools/verbs/explore.h"

namespace hmm::goldens {
namespace {

constexpr const char* kProfile = "6.12";

ExploreSummary explored(const std::string& scope, const Profile& k, const std::string& property) {
  RunOptions o;
  o.scope = scope;
  o.save.clear();
  if (!property.empty()) o.properties = {property};
  return explore_scope(o, k, scope, 400'000'000);
}

GoldenFile explore_file(const Goldens& old, std::uint64_t max_states) {
  GoldenFile file{"explore", "Every reachable state of a scope. Written by tools/goldens.", {}};
  for (const auto& s : kScopes) {
    if (!can_explore(s.scope)) continue;
    const std::string key = std::string("explore ") + s.name;
    const Golden* const known = find(old, key);
    if (known != nullptr && known->value("states").value_or(0) > max_states) {
      file.lines.push_back(*known);
      continue;
    }
    const ExploreSummary r = explored(s.name, without_breaking_defects(load_profile(kProfile)), "");
    if (r.bad != 0 || !r.complete)
      throw std::runtime_error(
          key + ": not to the end, or violated: " + joined(names_of_properties(r.bad)));
    file.lines.push_back({key, {{"states", r.states}, {"edges", r.edges}, {"depth", r.depth}}});
  }
  return file;
}

// How many steps the scope has instances of.
template <Scope S>
std::uint64_t steps_in_scope() {
  std::uint64_t count = 0;
  const auto one = [&]<class One>() { count += is_out_of_scope<One>(S) ? 0 : 1; };
  [&]<class... One>(std::variant<One...>*) {
    (one.template operator()<One>(), ...);
  }(static_cast<Step<Concrete<S>>*>(nullptr));
  return count;
}

std::uint64_t encoding_claims() {
  std::uint64_t count = 0;
  for (const SwapConfig& config : all_configs())
    count += [&]<class... P>(std::tuple<P...>*) {
      return (std::uint64_t{0} + ... + (P::applies(config) ? 1 : 0));
    }(static_cast<EncodingProperties*>(nullptr));
  return count;
}

GoldenFile sizes_file() {
  GoldenFile file{"sizes", "How many there are. Written by tools/goldens.", {}};
  file.lines.push_back({"model", {{"steps", kSteps}, {"properties", kProperties}}});
  for (const auto& s : kScopes)
    with_scope(s.name, [&]<Scope S>() {
      file.lines.push_back(
          {std::string("scope ") + s.name,
           {{"steps", steps_in_scope<S>()}, {"instances", step_instances<Concrete<S>>()}}});
    });
  file.lines.push_back(
      {"encodings", {{"configs", all_configs().size()}, {"claims", encoding_claims()}}});
  return file;
}

template <Scope S>
Golden depth_of(const BrokenRule& broken) {
  Profile k = load_profile(kProfile);
  set_switch(k, std::string(broken.rule) + "=0");
  ExploreOptions options;
  options.properties = promises();
  Explorer<S> explorer(k, options, state_after<S>(k, broken.start));
  return {key_of(broken), {{"depth", explorer.run().counterexample.size()}}};
}

// How many of what it is known to break a defect breaks, and the shortest run that does.
Golden depth_of(const Defect& defect) {
  Profile k = without_breaking_defects(load_profile(kProfile));
  k.*switch_named(defect.name)->at = true;
  std::uint64_t broken = 0;
  unsigned depth = ~0u;
  for (const char* property : defect.breaks) {
    if (property == nullptr) break;
    const ExploreSummary r = explored(defect.scope, k, property);
    if (r.bad == 0) continue;
    ++broken;
    depth = std::min(depth, r.depth);
  }
  return {std::string("defect ") + defect.name, {{"breaks", broken}, {"depth", depth}}};
}

GoldenFile broken_rules_file() {
  GoldenFile file{"broken_rules", "Steps to the first violation. Written by tools/goldens.", {}};
  for (const BrokenRule& broken : kBrokenAtTiny) file.lines.push_back(depth_of<kTiny>(broken));
  for (const BrokenRule& broken : kBrokenAtFork) file.lines.push_back(depth_of<kFork>(broken));
  for (const Defect& defect : kDefects)
    if (defect.breaks[0] != nullptr) file.lines.push_back(depth_of(defect));
  return file;
}

GoldenFile recordings_file() {
  GoldenFile file{
      "recordings", "Of each, and the calls that a defect decided. Written by tools/goldens.", {}};
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
    conform(parse_recording(read_input((folder / path).string()), path),
            {load_profile(std::string(swap_kernel_name(*kernel))), *kernel, {}}, r);
    Golden golden{"recording " + path,
                  {{"traces", r.traces}, {"calls", r.calls}, {"agree", r.agreeing}}};
    for (const auto& [defect, calls] : r.decided) golden.values.emplace_back(defect, calls);
    file.lines.push_back(std::move(golden));
  }
  return file;
}

}  // namespace

Goldens recomputed(const Goldens& old, std::uint64_t max_states) {
  return {explore_file(old, max_states), sizes_file(), broken_rules_file(), recordings_file()};
}

}  // namespace hmm::goldens
