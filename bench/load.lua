-- One body, sent over and over; what came back is printed as one line of JSON.
-- wrk -s load.lua URL -- BODY_FILE CONTENT_TYPE
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  wrk.method, wrk.body = "POST", file:read("*all")
  wrk.headers["Content-Type"] = args[2]
  file:close()
  ok, full, full_silent, other = 0, 0, 0, 0
end

function response(status, headers)
  if status == 200 then ok = ok + 1
  elseif status ~= 503 then other = other + 1
  elseif headers["retry-after"] then full = full + 1
  else full_silent = full_silent + 1 end
end

function done(summary, latency)
  local sums = { ok = 0, full = 0, full_silent = 0, other = 0 }
  for _, thread in ipairs(threads) do
    for name in pairs(sums) do sums[name] = sums[name] + thread:get(name) end
  end
  local errors = summary.errors
  io.write(string.format(
    '\n{"seconds": %.4f, "ok": %d, "full": %d, "full_silent": %d, "other": %d, "broken": %d,' ..
    ' "timeouts": %d, "p50_ms": %.4f, "p99_ms": %.4f, "max_ms": %.4f}\n',
    summary.duration / 1e6, sums.ok, sums.full, sums.full_silent, sums.other,
    errors.connect + errors.read + errors.write, errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
