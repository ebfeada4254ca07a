namespace ActorTorrent.Service.Api;

/// <summary>A live actor in the API.</summary>
/// <param name="Path">Where it stands below the engine; empty for the engine itself.</param>
/// <param name="Name">The last part of that.</param>
/// <param name="Depth">Actors between it and the root.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="State">Its state.</param>
/// <param name="MailboxDepth">Messages that wait for it.</param>
/// <param name="WaitMs">How long a message waits for it, in milliseconds.</param>
/// <param name="IsWaiting">Whether the message still lies there.</param>
/// <param name="Restarts">How often it was restarted.</param>
/// <param name="LastFault">What left it last; null when nothing did.</param>
/// <param name="LastFaultAt">When.</param>
internal sealed record ActorResource(
    string Path,
    string Name,
    int Depth,
    string Kind,
    string State,
    int MailboxDepth,
    double WaitMs,
    bool IsWaiting,
    int Restarts,
    string? LastFault,
    DateTimeOffset? LastFaultAt);
