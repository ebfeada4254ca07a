using ActorTorrent.Service.Listening;
using ActorTorrent.Service.Options;
using ActorTorrent.Service.Security;
using ActorTorrent.Service.Session;
using ActorTorrent.Service.Transmission;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorTorrent.Service.Hosting;

/// <summary>The service: the engine with its session, and all that it says over HTTP.</summary>
public static class ServeApplication
{
    /// <summary>Builds it; the caller starts it.</summary>
    /// <param name="configuration">The whole configuration; its section <c>Logging</c> holds for the log.</param>
    /// <param name="settings">What the host sets.</param>
    /// <exception cref="Engine.Options.SettingsException">The settings cannot be used.</exception>
    /// <exception cref="SessionException">The session's folder is in use, or cannot be used.</exception>
    public static WebApplication Build(IConfiguration configuration, ServiceSettings settings)
    {
        HostNames.CheckListening(settings);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.ClearProviders();
        // What it would say of a request the service says itself; as long as it may, every request gets an activity and a scope of the log.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        builder.Logging.AddConsole();
        builder.WebHost.UseUrls([.. settings.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.Access.MaxBodyBytes;
        });
        builder.WebHost.UseSockets(static sockets =>
        {
            // A request is answered by the thread that received it: each hand-over to another one costs as much as the answer. Nothing here blocks.
            sockets.UnsafePreferInlineScheduling = true;
            // One call less a request for a few kilobytes a connection, of which there are few.
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        // Asked before the other one.
        builder.Services.AddSingleton<IConnectionListenerFactory, SocketListenerFactory>();
        builder.Services.AddActorTorrent(settings);
        builder.Services.AddWebSurface(configuration);
        builder.Services.AddSingleton<RpcMethods>();
        builder.Services.AddSingleton(new FailedLogins(settings.Access.FailedLogins, settings.Access.FailedLoginWindow, TimeProvider.System));
        builder.Services.AddHostedService<SystemdNotifier>();
        var app = builder.Build();
        // What is wrong with the session's folder is said before anything starts.
        _ = app.Services.GetRequiredService<SessionContext>();
        // All services are singletons: no request needs a scope of its own.
        app.Use(next => http =>
        {
            http.RequestServices = app.Services;
            return next(http);
        });
        app.UseMiddleware<ErrorMiddleware>();
        app.UseMiddleware<AccessMiddleware>();
        app.MapTransmission();
        app.MapGet("/health/live", (RequestDelegate)(static context => SayAsync(context, "live\n")));
        app.MapGet("/health/ready", (RequestDelegate)(static context => HealthAsync(context)));
        app.MapWebSurface();
        return app;
    }

    private static async Task HealthAsync(HttpContext context)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            await context.RequestServices.GetRequiredService<IActorTorrent>().WhenReadyAsync(patience.Token).ConfigureAwait(false);
            await SayAsync(context, "ready\n").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await SayAsync(context, "starting\n").ConfigureAwait(false);
        }
    }

    private static Task SayAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
