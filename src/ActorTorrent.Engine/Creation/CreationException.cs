namespace ActorTorrent.Engine.Creation;

/// <summary>No torrent can be made; the message names the file or folder, what is wrong, and what would mend it.</summary>
/// <param name="failure">What kind of failure.</param>
/// <param name="message">For the user.</param>
/// <param name="cause">What the system threw.</param>
public sealed class CreationException(CreationFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What kind of failure it is.</summary>
    public CreationFailure Failure { get; } = failure;
}
