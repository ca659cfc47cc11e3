#pragma once
#include <string>
#include <vector>

#include "model/profile.h"

// Kernels with one small bug each, for asking what would notice it.
namespace hmm {

// A guard, a filter or an effect that is dropped, a count that is off by one, two fields that are
// swapped.
enum class MutantKind { guard, filter, effect, count, swap };

struct Mutant {
  MutantKind kind = MutantKind::guard;
  std::string name;  // as --drop or --mutate takes it
  // The one step that goes wrong; empty where what is dropped stands in a function of several.
  std::string step;

  // Else something is dropped.
  bool is_edit() const { return kind == MutantKind::count || kind == MutantKind::swap; }
  Profile of(Profile k) const;
  // What repeats it: `--drop NAME`.
  std::string option() const;
};

// Of every rule, each guard, filter and effect dropped; and of every field that a step writes at
// scope `large`, a count that is one more and one less, and each other field of its row that has
// values like its own in its place.
std::vector<Mutant> mutants();

}  // namespace hmm
