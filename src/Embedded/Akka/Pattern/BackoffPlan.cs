using Akka.Actor;

namespace Akka.Pattern;

/// <summary>What a backoff supervisor is told to do.</summary>
internal sealed class BackoffPlan : BackoffOptions
{
    public bool OnStop { get; init; }

    public Props ChildProps { get; init; }

    public string ChildName { get; init; }

    public TimeSpan MinBackoff { get; init; }

    public TimeSpan MaxBackoff { get; init; }

    public double RandomFactor { get; init; }

    /// <summary>How long a child must live until its predecessors' ends are forgotten; null where only a message makes them so.</summary>
    public TimeSpan? ResetAfter { get; init; }

    public OneForOneStrategy Strategy { get; init; }

    public object ReplyWhileStopped { get; init; }

    public Func<object, bool> FinalStopMessage { get; init; }

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) => Copy(resetAfter: resetBackoff);

    public override BackoffOptions WithManualReset() => Copy(manual: true);

    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => Copy(strategy: supervisorStrategy);

    public override BackoffOptions WithDefaultStoppingStrategy() =>
        Copy(strategy: new OneForOneStrategy(Strategy.MaxNumberOfRetries, Strategy.WithinTimeRangeMilliseconds, SupervisorStrategy.StoppingStrategy.Decider));

    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => Copy(reply: replyWhileStopped);

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) => Copy(strategy: Strategy.WithMaxNrOfRetries(maxNrOfRetries));

    public override BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) => Copy(final: isFinalStopMessage);

    public TimeSpan DelayAfter(int restarts)
    {
        var grown = MinBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(restarts, 1000));
        var capped = Math.Min(MaxBackoff.TotalMilliseconds, grown);
        return TimeSpan.FromMilliseconds(capped * (1 + (Random.Shared.NextDouble() * RandomFactor)));
    }

    public void Check()
    {
        if (MinBackoff <= TimeSpan.Zero)
            throw new ArgumentException("MinBackoff must be greater than 0");
        if (MaxBackoff < MinBackoff)
            throw new ArgumentException("MaxBackoff must be greater than MinBackoff");
        if (RandomFactor is < 0 or > 1)
            throw new ArgumentException("RandomFactor must be between 0.0 and 1.0");
    }

    private BackoffPlan Copy(
        TimeSpan? resetAfter = null,
        bool manual = false,
        OneForOneStrategy strategy = null,
        object reply = null,
        Func<object, bool> final = null) => new()
        {
            OnStop = OnStop,
            ChildProps = ChildProps,
            ChildName = ChildName,
            MinBackoff = MinBackoff,
            MaxBackoff = MaxBackoff,
            RandomFactor = RandomFactor,
            ResetAfter = manual ? null : resetAfter ?? ResetAfter,
            Strategy = strategy ?? Strategy,
            ReplyWhileStopped = reply ?? ReplyWhileStopped,
            FinalStopMessage = final ?? FinalStopMessage,
        };
}
