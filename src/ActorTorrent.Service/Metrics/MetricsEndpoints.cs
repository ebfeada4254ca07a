using System.Text;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Service.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorTorrent.Service.Metrics;

/// <summary>Metrics over HTTP, and their export.</summary>
internal static class MetricsEndpoints
{
    /// <summary>What <see cref="MapMetrics"/> needs, and the export that the configuration asks for. <see cref="EngineMetrics"/> is the caller's to add.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The whole configuration.</param>
    public static void AddMetricsExport(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(static provider =>
        {
            var engine = provider.GetRequiredService<EngineMetrics>().Meter;
            return new MetricsCollector(meter => meter == engine || meter.Name is "System.Runtime" or "Microsoft.AspNetCore.Hosting");
        });
        if (OtlpSettings.Read(configuration) is { } otlp)
            services.AddSingleton<IHostedService>(_ => new OtlpExport(otlp));
    }

    /// <summary><c>GET /metrics</c>, for Prometheus. Histograms begin with the first call.</summary>
    /// <param name="routes">The routes.</param>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics", (RequestDelegate)(static context =>
    {
        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        return SendAsync(context);
    }));

    private static async Task SendAsync(HttpContext context)
    {
        var collector = context.RequestServices.GetRequiredService<MetricsCollector>();
        var text = await context.SharedTexts().Metrics.GetAsync(() => Task.FromResult(Encoding.UTF8.GetBytes(collector.Collect()))).ConfigureAwait(false);
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }
}
