#pragma once
#include <algorithm>
#include <array>
#include <bit>

#include "model/scope.h"

// What a scope with a name is (scopes.h), and which engines take it.
namespace hmm {

// What an engine does with a scope. Each is the one before it, and more.
enum class Use {
  none,     // the engine is not built for it
  built,    // it is, for whoever asks for the scope by name
  checked,  // and `hmmcheck check` runs it there
  quick,    // and so does `hmmcheck check --quick`
};

struct NamedScope {
  const char* name;  // an identifier
  Use explore = Use::none, walk = Use::none, prove = Use::none, live = Use::none;
  const char* says;
  Scope scope;

  constexpr bool is_checked() const {
    return std::max({explore, walk, prove, live}) >= Use::checked;
  }
};

// A scope that has as many of everything has every run of the other.
constexpr bool includes(const Scope& s, const Scope& other) {
  using Counts = std::array<unsigned, sizeof(Scope) / sizeof(unsigned)>;
  const auto has = std::bit_cast<Counts>(s), needs = std::bit_cast<Counts>(other);
  return std::equal(has.begin(), has.end(), needs.begin(),
                    [](unsigned a, unsigned b) { return a >= b; });
}

}  // namespace hmm
