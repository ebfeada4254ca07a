using ActorTorrent.Service.Session;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Hosting;

namespace ActorTorrent.Service;

/// <summary>Lets the session end cleanly before the actor system does: trackers are told, what is pending is written.</summary>
internal sealed class SessionHost(IRequiredActor<SessionActor> session, SessionContext context) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await session.ActorRef.Ask<SessionProtocol.Done>(SessionProtocol.Stop.Instance, Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
        {
            // The host does not wait longer; a kill would lose no more.
        }
        await context.Store.DisposeAsync().ConfigureAwait(false);
    }
}
