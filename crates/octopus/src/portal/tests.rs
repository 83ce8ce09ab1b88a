//! What every page and fragment must keep.

mod contrast;
mod counts;
mod feed;
mod files;
mod fragments;
mod html;
mod pages;
mod sample;
mod text;
