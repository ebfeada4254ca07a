namespace ActorTorrent.Service.Session;

/// <summary>The session does not do what it was asked for.</summary>
/// <param name="kind">Why.</param>
/// <param name="message">Why, in a sentence, for the user.</param>
public sealed class SessionException(SessionErrorKind kind, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public SessionErrorKind Kind { get; } = kind;
}
