#include "tools/runs/kernel_diff.h"

#include <algorithm>
#include <chrono>

#include "model/step_infos.h"
#include "traces/conform.h"

namespace hmm {
namespace {

// Of both, without the breaking defects that both have.
std::pair<Profile, Profile> without_common_defects(Profile a, Profile b) {
  for (const Defect& defect : kDefects) {
    if (defect.breaks[0] == nullptr) continue;
    const auto at = switch_named(defect.name)->at;
    if (a.*at && b.*at) a.*at = b.*at = false;
  }
  return {a, b};
}

class Differ {
 public:
  Differ(const Profile& a, const Profile& b, const DiffOptions& options) : options_(options) {
    std::tie(a_, b_) = without_common_defects(a, b);
  }

  KernelDiff run() {
    const auto start = std::chrono::steady_clock::now();
    for (const auto& scope : options_.scopes) explore_at(scope);
    if (!options_.prove.empty()) prove();
    out_.is_complete = out_.not_to_the_end.empty();
    out_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(out_);
  }

 private:
  void explore_at(const std::string& scope) {
    std::size_t found = 0;
    bool is_first = true;
    search(
        a_, scope, out_.broken_in_a,
        [&](ExploreOptions& options) {
          if (std::exchange(is_first, false)) options.other = b_;
        },
        [&](const ExploreResult& r) {
          found += r.differences.size();
          for (const auto& one : r.differences) note(scope, one);
        });
    // Where no step goes another way, the other kernel comes by the same states.
    if (found != 0)
      search(
          b_, scope, out_.broken_in_b, [](auto&) {}, [](const auto&) {});
  }

  // Explores until no promise is left that breaks.
  template <class Prepare, class Look>
  void search(const Profile& k, const std::string& scope, std::vector<FoundBroken>& broken,
              Prepare&& prepare, Look&& look) {
    PropertySet left = promises();
    for (const auto& one : broken) left &= ~one.promise;
    for (;;) {
      ExploreOptions options;
      options.properties = left;
      options.threads = options_.threads;
      options.stop = options_.stop;
      prepare(options);
      const ExploreResult r = explore(scope, k, options);
      out_.edges += options.other ? r.edges : 0;
      if (r.bad == 0) {
        look(r);
        if (!r.complete) out_.not_to_the_end.push_back(scope);
        return;
      }
      const PropertySet one = first_of(r.bad);
      broken.push_back({scope, one, r.counterexample});
      left &= ~one;
      // What ended early has not compared all.
      if (options.other) compare_all(scope, look);
    }
  }

  template <class Look>
  void compare_all(const std::string& scope, Look&& look) {
    ExploreOptions options;
    options.properties = 0;
    options.threads = options_.threads;
    options.stop = options_.stop;
    options.other = b_;
    const ExploreResult r = explore(scope, a_, options);
    if (!r.complete) out_.not_to_the_end.push_back(scope);
    look(r);
  }

  void note(const std::string& scope, const Difference& one) {
    for (auto& known : out_.differences)
      if (known.what.kind == one.kind && known.what.a == one.a && known.what.b == one.b) {
        if (one.steps.size() < known.what.steps.size()) {
          known.scope = scope;
          known.what.steps = one.steps;
        }
        known.what.edges += one.edges;
        return;
      }
    out_.differences.push_back({scope, one});
  }

  void prove() {
    CompareOptions options;
    options.timeout_ms = options_.timeout_ms;
    options.threads = options_.threads;
    options.stop = options_.stop;
    out_.proofs = compare_steps(options_.prove, a_, b_, options);
    for (const auto& one : out_.proofs)
      if (one.answer == Answer::unknown)
        out_.not_to_the_end.emplace_back(step_infos()[one.step].name);
  }

  const DiffOptions& options_;
  Profile a_, b_;
  KernelDiff out_;
};

}  // namespace

bool KernelDiff::is_same() const {
  return differences.empty() && std::none_of(proofs.begin(), proofs.end(), [](const auto& one) {
           return one.answer == Answer::refuted;
         });
}

KernelDiff diff_kernels(const Profile& a, const Profile& b, const DiffOptions& options) {
  return Differ(a, b, options).run();
}

std::vector<DifferentCall> different_calls(const Recording& recording, SwapKernel kernel,
                                           const Profile& a, const Profile& b,
                                           const std::stop_token& stop) {
  std::vector<DifferentCall> calls;
  Recording one{recording.source, {}, {}};
  for (const auto& trace : recording.traces) {
    if (stop.stop_requested()) break;
    one.traces = {trace};
    ConformReport as_b;
    conform(one, {b, kernel, {}}, as_b);
    if (as_b.divergences.empty()) continue;
    ConformReport as_a;
    conform(one, {a, kernel, {}}, as_a);
    const Divergence& d = as_b.divergences.front();
    if (!as_a.divergences.empty() && as_a.divergences.front().line <= d.line) continue;
    calls.push_back({d.source, d.line, d.call, d.kernel, d.model});
  }
  return calls;
}

}  // namespace hmm
