namespace ActorTorrent.Engine.Telemetry;

/// <summary>One live actor.</summary>
/// <param name="Path">Where it stands below the engine, such as <c>torrent-…/peer-3/connection-7</c>; empty for the engine itself.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="State">The state of its state machine, such as <c>Handshaking</c>.</param>
/// <param name="Wait">How long the last message that was measured lay in its mailbox; while <paramref name="IsWaiting"/>, how long it has lain there.</param>
/// <param name="IsWaiting">Whether the message still lies there: the actor is busy with another, or stuck.</param>
/// <param name="Restarts">How often it was restarted.</param>
/// <param name="LastFault">What left it last, if anything did.</param>
public sealed record ActorStatus(
    string Path, ActorKind Kind, string State, TimeSpan Wait, bool IsWaiting, int Restarts, ActorFault? LastFault)
{
    /// <summary>Messages that lay behind the last one that was measured in its mailbox.</summary>
    public int MailboxDepth { get; init; }

    /// <summary>How many actors stand between it and the root; 0 for the engine itself.</summary>
    public int Depth => Path.Length == 0 ? 0 : Path.Count(c => c == '/') + 1;

    /// <summary>The last part of its path.</summary>
    public string Name => Path.Length == 0 ? "engine" : Path[(Path.LastIndexOf('/') + 1)..];
}
