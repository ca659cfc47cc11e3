#pragma once
#include <span>

#include "model/drops.h"
#include "model/verdict.h"

// Every rule that has a name: the guards, filters and effects of the steps and of the functions
// that steps share. Nobody lists them; the texts themselves are asked (model/domain/survey.h).
namespace hmm {

struct Rule {
  RuleId id;
  RuleKind kind = RuleKind::effect;
  Verdict verdict = Verdict::ok;  // of a guard
};

// Step by step, in the order of model/steps.h and of each step's text; then the functions that
// steps share, named as in the kernel.
std::span<const Rule> rules();

// Adds what every step's text names where the rules are those of `k`.
void survey_rules(const Profile& k, RuleNotes& notes);
// The same of one step, by its number in step_infos().
void survey_step(std::size_t kind, const Profile& k, RuleNotes& notes);

// Null if no rule has the name, which is written `of.word`.
const Rule* rule_named(std::string_view id);

// What a word of a filter or an effect means, wherever it stands.
struct WordSentence {
  std::string_view word, says;
};
std::span<const WordSentence> word_sentences();

// What the rule does, for people: its word's sentence; else, of a guard, its verdict's. Empty if
// there is neither.
std::string_view sentence_of(const Rule& rule);

}  // namespace hmm
