using System.Net;

namespace ActorTorrent.Cli.Remote;

/// <summary>The service cannot be reached, or does not do what was asked.</summary>
/// <param name="message">For the user.</param>
/// <param name="exitCode">One of <see cref="Cli.ExitCode"/>.</param>
/// <param name="status">What it answered; null when it did not.</param>
internal sealed class RemoteException(string message, int exitCode = ExitCode.Failed, HttpStatusCode? status = null) : Exception(message)
{
    /// <summary>What the program ends with.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What the service answered; null when it did not.</summary>
    public HttpStatusCode? Status { get; } = status;
}
