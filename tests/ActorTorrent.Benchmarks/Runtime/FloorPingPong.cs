namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Pairs of bare mailboxes that answer each other.</summary>
internal static class FloorPingPong
{
    public static async Task<Sample> RoundAsync(int pairs, int inFlight, int messages)
    {
        var answers = messages / pairs / 2;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pairsLeft = pairs;
        var ball = new object();
        var games = Enumerable.Range(0, pairs).Select(_ =>
        {
            FloorMailbox? ping = null;
            var pong = new FloorMailbox((message, sender) => sender!.Post(message, null));
            var toSend = answers - inFlight;
            var toCome = answers;
            ping = new FloorMailbox((message, _) =>
            {
                if (toSend-- > 0)
                    pong.Post(message, ping);
                if (--toCome == 0 && Interlocked.Decrement(ref pairsLeft) == 0)
                    done.SetResult();
            });
            return (Ping: ping, Pong: pong);
        }).ToArray();
        var watch = Stopper.Start();
        foreach (var (ping, pong) in games)
        {
            for (var i = 0; i < inFlight; i++)
                pong.Post(ball, ping);
        }

        await done.Task;
        return watch.Stop((long)answers * pairs * 2);
    }
}
