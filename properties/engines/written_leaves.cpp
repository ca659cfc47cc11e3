#include "properties/engines/written_leaves.h"

#include "properties/engines/step_formulas.h"

namespace hmm {

std::vector<bool> written_leaves_at_large(const Profile& k, std::size_t step) {
  const StepFormulas f = step_formulas("large", k, step);
  std::vector<bool> written;
  for (std::size_t i = 0; i < f.state.size(); ++i)
    written.push_back(!z3::eq(f.state[i], f.after[i]));
  return written;
}

}  // namespace hmm
