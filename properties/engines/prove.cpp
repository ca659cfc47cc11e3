#include "properties/engines/prove.h"

namespace hmm {

const char* name_of(Answer answer) {
  switch (answer) {
    case Answer::proved:
      return "proved";
    case Answer::refuted:
      return "refuted";
    case Answer::unknown:
      return "unknown";
    case Answer::vacuous:
      return "vacuous";
    case Answer::out_of_scope:
      return "out_of_scope";
  }
  return "?";
}

}  // namespace hmm
