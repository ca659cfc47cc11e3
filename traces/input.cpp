#include "traces/input.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace hmm {
namespace {

constexpr std::size_t kMaxFoundBytes = 120;
constexpr std::string_view kBlanks = " \t";

// The length of the UTF-8 character that the text starts with; 0 if it starts with none.
std::size_t character_at(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xc0u) == 0x80u; };
  if (byte(0) < 0x80) return 1;
  if (byte(0) >= 0xc2 && byte(0) < 0xe0) return continues(1) ? 2 : 0;
  if (byte(0) >= 0xe0 && byte(0) < 0xf0) {
    const bool overlong = byte(0) == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = byte(0) == 0xed && byte(1) >= 0xa0;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (byte(0) >= 0xf0 && byte(0) < 0xf5) {
    const bool overlong = byte(0) == 0xf0 && byte(1) < 0x90;
    const bool beyond = byte(0) == 0xf4 && byte(1) >= 0x90;
    return continues(1) && continues(2) && continues(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

void check_text(std::string_view line, const Origin& at) {
  for (std::size_t i = 0; i < line.size();) {
    const auto byte = static_cast<unsigned char>(line[i]);
    const std::size_t length = character_at(line.substr(i));
    if (length == 0 || (byte < 0x20 && byte != '\t') || byte == 0x7f)
      reject(at, "UTF-8 text", fmt::format("byte 0x{:02x}", byte));
    i += length;
  }
}

}  // namespace

void reject(const Origin& at, std::string_view expected, std::string_view found) {
  std::string shown(found);
  if (shown.size() > kMaxFoundBytes) {
    std::size_t end = kMaxFoundBytes;
    while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xc0u) == 0x80u) --end;
    shown = shown.substr(0, end) + "...";
  }
  const std::string place = at.line == 0 ? at.source : fmt::format("{}:{}", at.source, at.line);
  throw InputError(fmt::format("{}: expected {}, found {}", place, expected, shown));
}

std::string read_input(const std::string& path) {
  const bool is_standard = path == "-";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      is_standard ? stdin : std::fopen(path.c_str(), "rb"),
      is_standard ? [](std::FILE*) { return 0; } : &std::fclose);
  if (!file) reject({path}, "a file to read", std::strerror(errno));
  // One byte more than is allowed tells a file that is too long, even if it never ends.
  std::string text(kMaxFileBytes + 1, '\0');
  const std::size_t size = std::fread(text.data(), 1, text.size(), file.get());
  if (std::ferror(file.get()) != 0) reject({path}, "a file to read", std::strerror(errno));
  if (size > kMaxFileBytes) reject({path}, "at most 16 MiB", "more");
  text.resize(size);
  return text;
}

std::vector<std::string_view> lines_of(std::string_view text, const std::string& source) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const Origin at{source, static_cast<unsigned>(lines.size() + 1)};
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.size() > kMaxLineBytes)
      reject(at, fmt::format("a line of at most {} bytes", kMaxLineBytes),
             fmt::format("{}", line.size()));
    if (end != text.npos && line.ends_with('\r')) line.remove_suffix(1);
    if (lines.empty() && line.starts_with("\xef\xbb\xbf"))
      reject(at, "UTF-8 text without a byte order mark", "one");
    check_text(line, at);
    // A file that was cut short would otherwise pass with a shorter number at its end.
    if (end == text.npos) reject(at, "a newline at the end of the line", "the end of the file");
    lines.push_back(line);
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t start = line.find_first_not_of(kBlanks);
    if (start == line.npos) return words;
    line.remove_prefix(start);
    const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(kBlanks);
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(kBlanks) - start + 1);
}

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace hmm
