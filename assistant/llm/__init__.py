"""Everything that speaks to a model.

endpoint    where it is, whether that is this computer, the key
client      `ChatClient`: one question, one reply, retries, what the endpoint can do
connection  what holds for all questions at once: places, waits, faults that end everything
learning    what a reply teaches about the endpoint
payload     a request in the way that one endpoint understands; the repair request
transport   one HTTP exchange, no redirects, no exception with a key in it
wire        bytes -> `ChatReply`
problems    what an error means and what to do about it
retry       limits, waiting, Retry-After
tokens      counting tokens offline
prices      tokens -> cost
bridge      `run_async`
embedded/   the model inside this process
"""
