#pragma once
#include <charconv>
#include <string_view>
#include <system_error>
#include <vector>

#include "traces/input.h"

namespace hmm {

// One line of a recording, word by word. What is not as expected is refused with its place.
class Line {
 public:
  Line(Origin at, std::string_view text) : at_(std::move(at)), words_(words_of(text)) {}

  [[noreturn]] void fail(std::string_view expected, std::string_view found) const {
    reject(at_, expected, found);
  }
  unsigned number() const { return at_.line; }
  bool is_at_end() const { return next_ == words_.size(); }
  std::string_view peek() const { return is_at_end() ? std::string_view{} : words_[next_]; }
  std::string_view take(std::string_view expected) {
    if (is_at_end()) fail(expected, "the end of the line");
    return words_[next_++];
  }
  void take_word(std::string_view word) {
    const auto found = take(word);
    if (found != word) fail(word, found);
  }
  void end() const {
    if (!is_at_end()) fail("the end of the line", peek());
  }

  // `text` is of the word last taken.
  template <class T>
  T to_number(std::string_view expected, std::string_view text, T max, int base = 10) const {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size() || value > max)
      fail(expected, words_[next_ - 1]);  // the whole word, of which the number may be a part
    return value;
  }

 private:
  Origin at_;
  std::vector<std::string_view> words_;
  std::size_t next_ = 0;
};

}  // namespace hmm
