#include "model/step_infos.h"

#include "model/steps.h"

namespace hmm {
namespace {

template <class S>
constexpr auto kFieldsOf = S::fields().apply([](const auto&... f) {
  return std::array{StepField{f.name, f.sort}...};
});

constexpr auto kStepInfos = [] {
  std::array<StepInfo, kSteps> infos{};
  for_each_step_kind([&](auto kind) {
    using Own = StepOfKind<kind>;
    infos[kind] = {Own::name, kFieldsOf<Own>, Own::verdicts, &is_out_of_scope<Own>};
  });
  return infos;
}();

}  // namespace

std::span<const StepInfo> step_infos() { return kStepInfos; }

}  // namespace hmm
