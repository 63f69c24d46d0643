//! All routes, as one service.

mod api;
#[cfg(not(target_arch = "wasm32"))]
mod controls;
mod date;
#[cfg(not(target_arch = "wasm32"))]
mod pages;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::hatchet::{Hatchet, Settings};
use crate::middleware::{cors, watch};

impl Hatchet {
    /// Everything as a service: for a listener, or for a test to call in its own process.
    pub fn router(&self) -> Router {
        let Settings { origins, traffic, .. } = self.settings();
        let mut api = api::router(self.clone());
        if let Some(traffic) = traffic {
            api = api.layer(from_fn_with_state(Arc::clone(traffic), watch));
            // In WebAssembly the host has its own way to control it, and others on the network are to have none.
            #[cfg(not(target_arch = "wasm32"))]
            {
                api = api.merge(controls::router(self.clone(), Arc::clone(traffic)));
            }
        }
        let api = api
            .layer(from_fn_with_state(self.clock().clone(), date::date))
            .layer(from_fn_with_state(origins.clone(), cors));
        #[cfg(target_arch = "wasm32")]
        return api;
        #[cfg(not(target_arch = "wasm32"))]
        self.with_pages(api)
    }

    /// The API, and beside it the files and the hand-over of a demonstration.
    #[cfg(not(target_arch = "wasm32"))]
    fn with_pages(&self, api: Router) -> Router {
        use axum::extract::Request;
        use tower::ServiceExt;

        let Settings { static_files, demo, .. } = self.settings();
        let mut pages = match static_files {
            Some(folder) => pages::files(folder),
            None if *demo => Router::new(),
            None => return api,
        };
        if *demo {
            pages = pages.merge(pages::hand_over(self.clone()));
        }
        // Files and the hand-over stay outside of CORS: another site's page must not read them.
        Router::new().fallback(move |request: Request| {
            let is_api = ["/api/", "/test/"].iter().any(|prefix| request.uri().path().starts_with(prefix));
            if is_api { api.clone() } else { pages.clone() }.oneshot(request)
        })
    }
}
