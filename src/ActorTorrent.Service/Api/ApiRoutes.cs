using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTorrent.Service.Api;

/// <summary>The REST API below <c>/api/v1</c>.</summary>
internal static class ApiRoutes
{
    private const string Root = "/api/v1";
    private const int KeptEvents = 4096;

    /// <summary>What <see cref="MapApi"/> needs.</summary>
    /// <param name="services">The services.</param>
    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton(new EventRing(KeptEvents));
        services.AddSingleton<TorrentTexts>();
        services.AddSingleton(new SharedTexts(TimeProvider.System));
        services.AddHostedService<EventHub>();
    }

    /// <summary>Maps the routes.</summary>
    /// <param name="routes">Where.</param>
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Root);
        TorrentEndpoints.Map(api);
        ContentEndpoint.Map(api);
        SessionEndpoints.Map(api);
        ToolEndpoints.Map(api);
        EventEndpoint.Map(api);
        api.MapGet("/openapi.json", (RequestDelegate)(static context => OpenApiDocument.SendAsync(context)));
        routes.MapFallback("/{**rest}", ApiAnswers.Handler(static context =>
        {
            if (MethodsOf(context) is not { Length: > 0 } methods)
                throw new ApiException(StatusCodes.Status404NotFound, "There is nothing here; /api/v1/openapi.json says what there is.");
            context.Response.Headers.Allow = methods;
            return Problem.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, $"This takes {methods}.");
        }));
    }

    /// <summary>By what methods a path may be called that nobody answers by this one.</summary>
    private static string MethodsOf(HttpContext context) => string.Join(", ", context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(endpoint => new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(context.Request.Path, []))
        .SelectMany(static endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal));
}
