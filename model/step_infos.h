#pragma once
#include <span>
#include <string_view>

#include "model/domain/sort.h"
#include "model/verdict.h"

// The list of steps as data, for what need not be compiled anew whenever a rule changes.
namespace hmm {

struct StepField {
  std::string_view name;
  Sort sort;
};

struct StepInfo {
  std::string_view name;
  std::span<const StepField> fields;
  std::span<const Verdict> verdicts;  // that it may give
  // The scope has none of what the step is about.
  bool (*is_out_of_scope)(const Scope&);
};

// In the order of Step's alternatives.
std::span<const StepInfo> step_infos();

}  // namespace hmm
