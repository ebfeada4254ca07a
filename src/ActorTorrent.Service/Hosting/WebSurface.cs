using ActorTorrent.Service.Api;
using ActorTorrent.Service.Dashboard;
using ActorTorrent.Service.Metrics;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTorrent.Service.Hosting;

/// <summary>REST API, dashboard and metrics.</summary>
internal static class WebSurface
{
    /// <summary>Adds what they need.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The whole configuration.</param>
    public static void AddWebSurface(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddApi();
        services.AddMetricsExport(configuration);
    }

    /// <summary>Maps their routes.</summary>
    /// <param name="routes">Where.</param>
    public static void MapWebSurface(this IEndpointRouteBuilder routes)
    {
        routes.MapApi();
        routes.MapMetrics();
        routes.MapDashboard();
    }
}
