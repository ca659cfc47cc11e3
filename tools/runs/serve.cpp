#include "tools/runs/serve.h"

#include <fmt/format.h>
#include <httplib.h>

#include <mutex>
#include <thread>

#include "tools/runs/markup.h"
#include "traces/input.h"
#include "traces/input_error.h"

namespace hmm {
namespace {

constexpr const char* kLoopback = "127.0.0.1";
constexpr std::size_t kLongestBody = 4096;
// What a page may ask for; whoever serves the run saves it, and a browser has /run.trace.
constexpr std::string_view kNotByPage[] = {"save", "help", "table"};

std::string button(std::string_view command, std::string_view label) {
  return fmt::format(
      "<form method=\"post\" action=\"/\"><button name=\"command\" value=\"{}\">{}</button></form>",
      escaped(command), escaped(label));
}

std::string field(std::string_view verb, std::string_view label, std::string_view hint,
                  std::string_view value = "") {
  return fmt::format(
      "<form method=\"post\" action=\"/\"><input type=\"hidden\" name=\"verb\" value=\"{0}\">"
      "<label>{1} <input name=\"command\" placeholder=\"{2}\" value=\"{3}\" size=\"34\"></label>"
      "<button>{0}</button></form>\n",
      verb, label, escaped(hint), escaped(value));
}

class Server {
 public:
  Server(ByHand& walk, const Stop& stop) : walk_(walk), stop_(stop) {
    server_.set_payload_max_length(kLongestBody);
    // Not the library's own, with which two servers share a port.
    server_.set_socket_options([](int socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server_.set_keep_alive_max_count(1);
    server_.set_read_timeout(2);
    server_.set_pre_routing_handler([this](const auto& request, auto& response) {
      return refuse_strangers(request, response);
    });
    server_.set_error_handler([](const auto& request, auto& response) {
      if (response.body.empty())
        refuse(response, fmt::format("expected GET /, GET /run.trace or POST /, found {} {}",
                                     request.method, request.path));
    });
    server_.set_exception_handler([](const auto&, auto& response, auto error) {
      try {
        std::rethrow_exception(error);
      } catch (const std::exception& what) {
        refuse(response, what.what());
      }
    });
    server_.Get("/", [this](const auto&, auto& response) { show(response); });
    server_.Get("/run.trace", [this](const auto&, auto& response) {
      const std::lock_guard lock(mutex_);
      response.set_content(walk_.trace(), "text/plain; charset=utf-8");
    });
    server_.Post("/", [this](const auto& request, auto& response) { act(request, response); });
  }

  void run(int port, const std::function<void(int)>& ready) {
    port_ = port == 0 ? server_.bind_to_any_port(kLoopback) : port;
    if (port != 0 && !server_.bind_to_port(kLoopback, port)) port_ = -1;
    if (port_ < 0) reject({"--serve"}, "a port that is free", std::to_string(port));
    const std::stop_callback end(stop_.token(), [this] { server_.stop(); });
    ready(port_);
    server_.listen_after_bind();
  }

 private:
  using Request = httplib::Request;
  using Response = httplib::Response;

  static void refuse(Response& response, std::string_view why) {
    response.status = 400;
    response.set_content(fmt::format("{}\n", why), "text/plain; charset=utf-8");
  }

  // A page from elsewhere that a browser has open may send requests here, under this name or under
  // one of its own that leads here.
  httplib::Server::HandlerResponse refuse_strangers(const Request& request, Response& response) {
    const std::string host = fmt::format("{}:{}", kLoopback, port_);
    const std::string local = fmt::format("localhost:{}", port_);
    const std::string asked = request.get_header_value("Host");
    const std::string origin = request.get_header_value("Origin");
    const bool is_ours = origin.empty() || origin == "http://" + host ||
                         origin == "http://" + local ||
                         (origin == "null" && request.method == "GET");
    if ((asked == host || asked == local) && is_ours)
      return httplib::Server::HandlerResponse::Unhandled;
    refuse(response, fmt::format("expected a request to and from {}, found one to {}{}", host,
                                 asked, origin.empty() ? "" : " from " + origin));
    return httplib::Server::HandlerResponse::Handled;
  }

  void show(Response& response) {
    const std::lock_guard lock(mutex_);
    Picture picture = walk_.picture();
    picture.controls = controls();
    response.set_content(html_of(picture), "text/html; charset=utf-8");
  }

  void act(const Request& request, Response& response) {
    const std::lock_guard lock(mutex_);
    std::string command = request.get_param_value("command");
    if (const std::string verb = request.get_param_value("verb"); !verb.empty())
      command = verb + " " + command;
    const Origin at{"command"};
    const auto words = words_of(command);
    if (words.empty()) reject(at, "a command", "none");
    for (const auto verb : kNotByPage)
      if (words.front() == verb) reject(at, "list, undo, why, far, quit or a step", verb);
    if (words.front() == "list") {
      filter_ = trimmed(std::string_view(command).substr(command.find("list") + 4));
      answer_.clear();
    } else {
      if (walk_.steps() + 2 >= kDrawnStates)
        reject(at, fmt::format("at most {} states to draw", kDrawnStates), command);
      answer_ = walk_.answer(command, at);
    }
    if (walk_.is_over()) {
      response.set_content("the run is over\n", "text/plain; charset=utf-8");
      // It answers this request first.
      server_.stop();
      return;
    }
    response.set_redirect(fmt::format("/#step-{}", walk_.steps()), 303);
  }

  std::string controls() {
    std::string out = "<section class=\"next\" aria-label=\"what can happen next\">\n";
    out += field("list", "only with", "pfn=1 or do_swap_page", filter_);
    out += field("why", "why not", "do_anonymous_page mm=0 vpn=0 pfn=1");
    out += field("far", "how far to", "no_stale_install");
    if (walk_.steps() != 0) out += button("undo", "undo");
    out += button("quit", "quit") + " <a href=\"/run.trace\">as a trace</a>\n";
    if (!answer_.empty()) out += fmt::format("<pre class=\"answer\">{}</pre>\n", escaped(answer_));
    out += "<ol>\n";
    for (const auto& [step, says, changes] : walk_.possible(filter_)) {
      out += fmt::format("<li>{}", button(says.substr(0, says.find(" -> ")), says));
      for (const auto& change : changes) out += fmt::format("<div>{}</div>", escaped(change));
      out += "</li>\n";
    }
    return out + "</ol>\n</section>\n";
  }

  ByHand& walk_;
  const Stop& stop_;
  std::mutex mutex_;
  httplib::Server server_;
  int port_ = 0;
  std::string filter_, answer_;
};

}  // namespace

void serve(ByHand& walk, int port, const Stop& stop, const std::function<void(int)>& ready) {
  require_drawable("--serve", walk.picture().scope, walk.steps() + 1);
  Server(walk, stop).run(port, ready);
}

}  // namespace hmm
