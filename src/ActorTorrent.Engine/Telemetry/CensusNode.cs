using Akka.Actor;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>What the census knows of one actor.</summary>
internal sealed class CensusNode(IActorRef actor, string path)
{
    public IActorRef Actor { get; } = actor;

    /// <summary>Below the engine.</summary>
    public string Path { get; } = path;

    public CensusProtocol.Answer? Answer { get; set; }

    /// <summary>When the probe was sent that it has not answered; null when it owes none.</summary>
    public long? ProbedAt { get; set; }

    public int Restarts { get; set; }

    public ActorFault? LastFault { get; set; }

    /// <summary>Its status at this moment.</summary>
    public ActorStatus Status(TimeProvider time)
    {
        var wait = ProbedAt is { } since ? time.GetElapsedTime(since) : Answer?.Wait ?? TimeSpan.Zero;
        return new ActorStatus(Path, Answer?.Kind ?? ActorKind.Unknown, Answer?.State ?? "", wait, ProbedAt is not null, Restarts, LastFault)
        {
            MailboxDepth = Answer?.Depth ?? 0,
        };
    }
}
