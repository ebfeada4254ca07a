using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Sends the ball back after a gap of random length.</summary>
internal sealed class StressPlayer(StressProgress progress, StressPath path, int seed) : UntypedActor
{
    public static readonly object Ball = new();

    private readonly Random _random = new(seed);

    protected override void OnReceive(object message)
    {
        progress.Moved();
        var other = Sender;
        var self = Self;

        // Short spins move the next message over every point of the other side's way to sleep.
        var chance = _random.Next(100);
        var spin = chance < 60 ? _random.Next(40) : chance < 95 ? _random.Next(400) : 0;
        Thread.SpinWait(spin);
        if (path == StressPath.Mixed && chance == 99)
        {
            Context.System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(_random.Next(15)), other, message, self);
        }
        else if (path == StressPath.Actor || (path == StressPath.Mixed && chance < 50))
        {
            other.Tell(message, self);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static ball =>
                {
                    Thread.SpinWait(ball.Spin);
                    ball.To.Tell(Ball, ball.From);
                },
                (To: other, From: self, Spin: _random.Next(60)),
                preferLocal: _random.Next(2) == 0);
        }
    }
}
