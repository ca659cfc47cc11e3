#include "properties/engines/prove_encodings.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>

#include "model/domain/symbolic.h"
#include "properties/encodings.h"
#include "properties/encodings_pfn.h"
#include "properties/engines/interrupter.h"
#include "properties/engines/solver_memory.h"

namespace hmm {
namespace {

using Numbers = Concrete<Scope{}>;
using Formulas = Symbolic<Scope{}>;
using Values = EncodingValues<Numbers>;

// What the solver said of one claim.
struct Solved {
  Answer answer = Answer::proved;
  Values values{};
};

class Prover {
 public:
  explicit Prover(unsigned timeout_ms, std::stop_token stop = {})
      : stop_(std::move(stop)), solver_(smt(), "QF_BV") {
    z3::params params(smt());
    params.set("timeout", timeout_ms);
    solver_.set(params);
  }

  template <class Property>
  EncodingResult prove(const SwapEncoding& enc) {
    const auto start = std::chrono::steady_clock::now();
    EncodingResult out{std::string(Property::name), swap_config_name(enc.config), Answer::proved, 0,
                       ""};
    const auto claims = Property::template claims<Formulas>(enc, words_);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      const Solved solved = solve(claims[i]);
      if (solved.answer == Answer::refuted) {
        require_failure<Property>(enc, solved.values, i);
        out.answer = solved.answer;
        out.counterexample =
            fmt::format("{}: value={:#x} type={:#x} offset={:#x}", claims[i].name,
                        solved.values.value, solved.values.type, solved.values.offset);
        break;
      }
      // One claim that was not proved spoils the property; what spoils it first is told.
      if (solved.answer != Answer::proved && out.answer == Answer::proved) {
        out.answer = solved.answer;
        out.counterexample = std::string(claims[i].name);
      }
    }
    const std::chrono::duration<double, std::milli> spent =
        std::chrono::steady_clock::now() - start;
    out.ms = spent.count();
    return out;
  }

 private:
  // The solver's answer is not taken on trust: the same text must fail on the same numbers.
  template <class Property>
  static void require_failure(const SwapEncoding& enc, const Values& values, std::size_t claim) {
    const auto replayed = Property::template claims<Numbers>(enc, values).at(claim);
    if (!replayed.given || replayed.then || holds<Property, Numbers>(enc, values)) {
      throw std::logic_error(
          fmt::format("{}: the solver's counterexample holds in the model", Property::name));
    }
  }

  Solved solve(const Claim<Formulas>& claim) {
    const z3::expr given = claim.given.e.simplify();
    const z3::expr failing = (claim.given.e && !claim.then.e).simplify();
    const auto [it, is_new] = solved_.try_emplace({given.id(), failing.id()});
    if (!is_new) return it->second;
    kept_.push_back(given);
    kept_.push_back(failing);
    Solved& out = it->second;
    if (const auto result = given.is_true() ? z3::sat : check(given); result != z3::sat) {
      out.answer = result == z3::unsat ? Answer::vacuous : Answer::unknown;
      return out;
    }
    const auto result = check(failing);
    if (result == z3::unknown) out.answer = Answer::unknown;
    if (result == z3::sat) {
      const z3::model model = solver_.get_model();
      out.answer = Answer::refuted;
      out.values = {number(model, words_.value), number(model, words_.type),
                    number(model, words_.offset)};
    }
    return out;
  }

  z3::check_result check(const z3::expr& formula) {
    if (formula.is_false()) return z3::unsat;
    solver_.reset();
    solver_.add(formula);
    return hmm::check(solver_, stop_);
  }

  static std::uint64_t number(const z3::model& model, const SymWord& word) {
    return model.eval(word.e, true).get_numeral_uint64();
  }

  std::stop_token stop_;
  z3::solver solver_;
  EncodingValues<Formulas> words_{SymWord(smt().bv_const("value", 64)),
                                  SymWord(smt().bv_const("type", 64)),
                                  SymWord(smt().bv_const("offset", 64))};
  // Answers by the identity of the formulas, which equal formulas share for as long as one is kept.
  std::map<std::pair<unsigned, unsigned>, Solved> solved_;
  std::vector<z3::expr> kept_;
};

template <class Visit>
void for_each_property(Visit&& visit) {
  const auto visit_all = [&]<class... P>(std::tuple<P...>*) {
    (visit.template operator()<P>(), ...);
  };
  visit_all(static_cast<EncodingProperties*>(nullptr));
}

}  // namespace

std::string swap_config_name(const SwapConfig& c) {
  std::string out(swap_kernel_name(c.kernel));
  if (c.memory_failure) out += " memory_failure";
  if (c.migration) out += " migration";
  if (c.device_private) out += " device_private";
  if (SWP_PTE_MARKER(c)) out += " pte_marker";
  if (c.swap) out += " swap";
  out += fmt::format(" physmem_bits={}", c.physmem_bits);
  if (c.l1tf_cache_bits != 0) out += fmt::format(" l1tf_cache_bits={}", c.l1tf_cache_bits);
  return out;
}

std::vector<EncodingResult> prove_encodings(const std::vector<SwapConfig>& configs,
                                            const EncodingsOptions& options) {
  require_solver_memory();
  Prover prover(options.timeout_ms, options.stop);
  std::vector<EncodingResult> out;
  for (const SwapConfig& config : configs) {
    for_each_property([&]<class Property>() {
      if (!Property::applies(config)) return;
      EncodingResult one{std::string(Property::name), swap_config_name(config), Answer::unknown, 0,
                         ""};
      interruptibly(options.stop, [&] { one = prover.prove<Property>(config); });
      if (options.each) options.each(one);
      out.push_back(std::move(one));
    });
  }
  return out;
}

std::size_t encodings_of(const std::vector<SwapConfig>& configs) {
  std::size_t count = 0;
  for (const SwapConfig& config : configs)
    for_each_property([&]<class Property>() { count += Property::applies(config) ? 1 : 0; });
  return count;
}

EncodingResult prove_encoding(std::string_view property, const SwapEncoding& encoding,
                              unsigned timeout_ms) {
  Prover prover(timeout_ms);
  std::optional<EncodingResult> out;
  for_each_property([&]<class Property>() {
    if (Property::name == property) out = prover.prove<Property>(encoding);
  });
  if (!out) throw std::logic_error(fmt::format("no encoding property named {}", property));
  return *out;
}

}  // namespace hmm
