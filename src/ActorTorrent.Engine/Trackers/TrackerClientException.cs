namespace ActorTorrent.Engine.Trackers;

/// <summary>Carries a <see cref="TrackerError"/> out of the HTTP stack's callbacks.</summary>
internal sealed class TrackerClientException(TrackerError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public TrackerError Error { get; } = error;
}
